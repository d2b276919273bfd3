/** Reading what may be anybody's octets: that they cannot be read is something a judgement says, never a fault of the harness. */

/** What `read` returns, or undefined where it throws. */
export function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
