/** Two products meet (MCDANIEL, figure 1), each knowing the other by a shared key, or by a certificate that an authority of both has signed. */
import { RFC7296 } from '../requirements/documents.ts';
import { agreeing, meets } from './agreeing.ts';

export const meetings = agreeing({
  name: 'meeting',
  title: 'Two products agree by a shared key, or by certificates',
  by: ['shared-key', 'certificate'],
  families: ['ipv4', 'ipv6'],
  given: (by) => ({ by }),
  reads: () => [meets(RFC7296, '4')],
});
