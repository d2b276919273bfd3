/**
 * The way from the page to a bundle, as a link and in a command to be pasted. The name of a bundle comes from a result that anybody may have made: it can
 * lead nowhere but below the folder of the run, is no scheme, and no shell reads it as anything but a name.
 */

/** Undefined for what leads out of the folder, or holds what no line of a command can. */
export function pathBelow(folder: string, bundle: string): string | undefined {
  const steps = bundle.split('/');
  const leadsOut = bundle === '' || steps.some((step) => step === '' || step === '..');
  if (leadsOut || !isOneLine(`${folder}${bundle}`)) return undefined;
  return folder === '.' ? bundle : `${folder}/${bundle}`;
}

/** Whether a line of a command can hold it: nothing in it ends the line or moves a cursor. */
export function isOneLine(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: exactly these do
  return !/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(text);
}

export function linkTo(path: string, file: string): string {
  const from = path.startsWith('/') ? '' : './';
  return `${from}${path.split('/').map(encodeURIComponent).join('/')}/${file}`;
}

/** For `sh`. */
export function quoted(path: string): string {
  const plain = path.startsWith('-') ? `./${path}` : path;
  return `'${plain.replaceAll("'", "'\\''")}'`;
}
