/** What a case is called, and which of them a person means. */

interface Named {
  readonly id: string;
  readonly variant: string;
}

/** `DUPONT-C2a/other-prefix-manual`. */
export function caseName({ id, variant }: Named): string {
  return variant === '' ? id : `${id}/${variant}`;
}

/** What a variant ends with where others took part: `with`, `strongswan-trixie`. */
export function withCompanions(companions: Readonly<Record<string, string>>): readonly string[] {
  const names = Object.values(companions).map((name) => name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-'));
  return names.length === 0 ? [] : ['with', ...names];
}

/** Whether a case is one of those that a glob stands for: by its name, or by its ID alone. */
export function selectedBy(glob: string): (each: Named) => boolean {
  const wanted = globPattern(glob);
  return (each) => wanted.test(caseName(each)) || wanted.test(each.id);
}

/** `*` and `?` stand for any text, and any letter; in any case of letters. */
export function globPattern(glob: string): RegExp {
  const escaped = glob
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*/g, '.*')
    .replace(/\?/g, '.');
  return new RegExp(`^${escaped}$`, 'i');
}
