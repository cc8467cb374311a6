/** The door of the secrets room: keys and passwords from files, the environment, or made at the first start. */

export { openSecrets, type Secrets, type SecretSize, SECRET_BYTES_MIN } from './secrets.ts';
export { settingsFromFiles } from './settings.ts';
