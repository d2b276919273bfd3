/** The codepoints of the ECN field, RFC 3168 section 5, in either IP header. What one becomes where a tunnel ends is a rule of ipsec. */
export const ecnCodepoints = { 'Not-ECT': 0, 'ECT(1)': 1, 'ECT(0)': 2, CE: 3 } as const;

/** For people; two bits have no other value. */
export function ecnName(codepoint: number): string {
  return Object.entries(ecnCodepoints).find(([, value]) => value === codepoint)?.[0] ?? `ECN ${codepoint}`;
}
