/** The door of the mail room: mails to people, through an SMTP server or into a folder. */

export { type MailBlock, MAIL_BLOCK_LENGTH_MAX, MAIL_BLOCKS_MAX, SUBJECT_LENGTH_MAX } from './compose.ts';
export { OUTBOX_FILES_MAX } from './deliver.ts';
export { checkMail, type Mail, type MailOptions, type MailRequest, type MailState, openMail } from './mail.ts';
export { ADDRESS_LENGTH_MAX, mailAddress, parseMailFrom, parseSmtpUrl, readAuthorities, type Sender, type SmtpServer } from './settings.ts';
