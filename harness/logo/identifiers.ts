/**
 * The ids of tests of the IPv6 Ready Logo and of TAHI, as cases carry them (`alsoKnownAs`) and as lists of such tests have them. Nothing of a test but its id is read.
 */

/** The first id of each line; a line without one is a heading, or about something else. */
export function idsIn(text: string): readonly string[] {
  return [...new Set(text.split('\n').flatMap((line) => ID.exec(line)?.[0] ?? []))];
}

/** As the name of a file or folder. */
export const fileNameOf = (text: string): string => text.replace(/[^A-Za-z0-9_.-]+/g, '_').replace(/^\.+/, '') || '_';

/** `IKEv2.EN.I.1.1.5.1`, perhaps with its part; `CN-2-1-3`, `MN-3-1-1-1-001`; `HA_2_1_14`. */
const ID = /\b(?:IKEv2\.(?:EN|SGW)\.[IR](?:\.\d+)+(?: Part [A-Z]+)?|(?:CN|MN)(?:-\d+)+|HA(?:_\d+)+)(?![\w])/;
