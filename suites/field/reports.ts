/** The trackers in which people report what they met. */
import type { FieldReport } from '../../harness/vocabulary/question.ts';

const trackers = {
  strongSwan: 'https://github.com/strongswan/strongswan/issues/',
  Libreswan: 'https://github.com/libreswan/libreswan/issues/',
  Scapy: 'https://github.com/secdev/scapy/issues/',
  LTP: 'https://github.com/linux-test-project/ltp/issues/',
  VPP: 'https://jira.fd.io/browse/VPP-',
  Arkime: 'https://github.com/arkime/arkime/issues/',
} as const;

export const reported = (by: keyof typeof trackers, number: number, says: string): FieldReport => ({
  as: `${by} #${number}`,
  link: `${trackers[by]}${number}`,
  says,
});
