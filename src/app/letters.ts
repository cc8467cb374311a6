/** Letters of identity as mails of the platform. */

import type { Letters } from '../features/identity/index.ts';
import type { Mail } from '../platform/mail/index.ts';

export function lettersBy(mail: Mail): Letters {
  return {
    send: async (letter) => {
      await mail.send(letter);
    },
  };
}
