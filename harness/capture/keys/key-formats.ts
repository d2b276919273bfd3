/** Which format a file is in is told by its lines, not by its name: by the most that look like one. */
import { espSa } from './esp-sa.ts';
import { ikev1DecryptionTable, ikev2DecryptionTable } from './ikev2-decryption-table.ts';
import type { KeyFormat } from './key-file.ts';
import { setkeyFile } from './setkey.ts';
import { tcpdumpSecrets } from './tcpdump-secrets.ts';
import { xfrmState } from './xfrm-state.ts';

/** Of two that are as like the first is taken. */
export const keyFormats: readonly KeyFormat[] = [
  espSa,
  ikev2DecryptionTable,
  ikev1DecryptionTable,
  xfrmState,
  setkeyFile,
  tcpdumpSecrets,
];

/** Undefined where no line is like one of any format. */
export function formatOf(text: string): KeyFormat | undefined {
  let best: { readonly format: KeyFormat; readonly lines: number } | undefined;
  for (const format of keyFormats) {
    const lines = format.likeness(text);
    if (lines > (best?.lines ?? 0)) best = { format, lines };
  }
  return best?.format;
}
