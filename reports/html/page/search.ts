/** What a person types to find something: every word of it, in any order and in any case of letters. */

export function hasWords(typed: string | undefined, texts: () => readonly string[]): boolean {
  const words = (typed ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return true;
  const whole = texts().join(' ').toLowerCase();
  return words.every((word) => whole.includes(word));
}
