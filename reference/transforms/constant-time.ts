/** Comparing what must not be found out octet by octet. */

/** Whether two ICVs, signatures or hashes are equal, in a time that depends on their lengths only. */
export function equalInConstantTime(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return false;
  let difference = 0;
  for (let at = 0; at < one.length; at++) difference |= one[at]! ^ other[at]!;
  return difference === 0;
}
