/** Times and counts as people read them. */

/** Milliseconds of lab time, to a tenth. */
export function instant(milliseconds: number): string {
  return milliseconds.toFixed(1).replace(/\B(?=(\d{3})+(?!\d))/g, '\u202f');
}

export function duration(milliseconds: number): string {
  if (milliseconds < 1) return `${milliseconds.toFixed(2)} ms`;
  if (milliseconds < 1000) return `${milliseconds.toFixed(0)} ms`;
  if (milliseconds < 100_000) return `${(milliseconds / 1000).toFixed(1)} s`;
  return `${Math.floor(milliseconds / 60_000)} min ${Math.round((milliseconds % 60_000) / 1000)} s`;
}

export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

export function hexNumber(number: number, digits = 8): string {
  return `0x${number.toString(16).padStart(digits, '0')}`;
}
