/**
 * Which passwords are accepted: long ones that are not among the first guesses. No rules of composition and no expiry, as NIST
 * SP 800-63B §5.1.1.2 advises; the first guesses are made by rule from stems, so the list needs no file of other people's passwords.
 */

import { PASSWORD_CHARACTERS_MAX, PASSWORD_CHARACTERS_MIN, type PasswordProblem } from '../model.ts';

/** What people take when they are told to think of something, in the languages of the platform and on their keyboards. */
const STEMS = [
  'password', 'passwort', 'passw', 'parol', 'parolum', 'sifre', 'shifre', 'пароль', 'пароли', 'welcome', 'xosgeldiniz', 'xoşgəldiniz', 'добропожаловать', 'letmein', 'iloveyou',
  'menisevirem', 'salam', 'salamaleykum', 'привет', 'здравствуйте', 'hello', 'admin', 'administrator', 'администратор', 'root', 'user', 'login', 'guest', 'test', 'testing', 'changeme', 'default',
  'secret', 'master', 'monkey', 'dragon', 'football', 'baseball', 'sunshine', 'princess', 'superman', 'batman', 'starwars', 'whatever', 'trustno', 'computer', 'internet', 'samsung', 'google',
  'azerbaijan', 'azerbaycan', 'azərbaycan', 'азербайджан', 'baku', 'baki', 'bakı', 'баку', 'qarabag', 'qarabağ', 'shusha', 'russia', 'россия', 'moscow', 'москва', 'england', 'london',
  'mizan', 'register', 'regulator', 'reyestr', 'registry', 'government', 'ministry', 'nazirlik', 'correcthorsebatterystaple', 'abc', 'qwe', 'asd', 'zxc', 'xyz', 'january', 'february', 'march', 'april', 'june', 'july', 'august', 'september', 'october',
  'november', 'december', 'summer', 'winter', 'spring', 'autumn', 'monday', 'friday', 'яиспользую', 'люблю', 'любовь',
];
const KEYBOARD_ROWS = ['`1234567890-=', 'qwertyuiop[]', "asdfghjkl;'", 'zxcvbnm,./', 'йцукенгшщзхъ', 'фывапролджэ', 'ячсмитьбю', 'abcdefghijklmnopqrstuvwxyz', '01234567890123456789', '1qaz2wsx3edc4rfv5tgb6yhn', 'qazwsxedcrfvtgbyhnujm'];
const LEET: Readonly<Record<string, string>> = { '0': 'o', '1': 'i', '3': 'e', '4': 'a', '5': 's', '7': 't', '@': 'a', $: 's', '!': 'i' };
/** A run on a keyboard this long is one move of the fingers, not as many letters. */
const RUN_MIN = 4;
/** What must be left over after words, runs and repetitions are taken away. */
const LEFT_MIN = 4;
const PERSONAL_PART_MIN = 4;

/** The reason why a password is refused, or undefined. `personal` are name and e-mail of its owner and names of the platform. */
export function passwordProblem(password: string, personal: readonly string[]): PasswordProblem | undefined {
  const text = password.normalize('NFKC');
  const length = [...text].length;
  if (length < PASSWORD_CHARACTERS_MIN) return 'short';
  if (length > PASSWORD_CHARACTERS_MAX) return 'long';
  const folded = text.toLowerCase();
  const parts = personal.flatMap((one) => one.normalize('NFKC').toLowerCase().split(/[\s@.,_-]+/)).filter((part) => part.length >= PERSONAL_PART_MIN);
  const withoutPerson = parts.reduce((left, part) => left.replaceAll(part, ''), folded);
  if (withoutPerson !== folded && leftOver(withoutPerson) < LEFT_MIN) return 'personal';
  return leftOver(folded) < LEFT_MIN ? 'common' : undefined;
}

/** How many letters carry something a guesser does not try first. Years, counting digits at the ends, and repetitions carry nothing. */
export function leftOver(folded: string): number {
  return Math.min(rest(folded), rest([...folded].map((letter) => LEET[letter] ?? letter).join('')));
}

function rest(text: string): number {
  let left = withoutRuns(text);
  for (const stem of [...STEMS].sort((a, b) => b.length - a.length)) left = left.replaceAll(stem, '');
  left = left.replaceAll(/(?:19|20)\d\d/g, '').replaceAll(/^[^\p{L}]{1,4}|[^\p{L}]{1,4}$/gu, '');
  return new Set(withoutRepetition(left)).size;
}

function withoutRuns(text: string): string {
  let left = text;
  for (const row of KEYBOARD_ROWS.flatMap((one) => [one, [...one].reverse().join('')])) {
    for (let length = row.length; length >= RUN_MIN; length--) {
      for (let start = 0; start + length <= row.length; start++) left = left.replaceAll(row.slice(start, start + length), '');
    }
  }
  return left;
}

/** `abcabcabcabc` is `abc`. */
function withoutRepetition(text: string): string {
  return /^(.{1,6}?)\1+.{0,5}$/su.exec(text)?.[1] ?? text;
}
