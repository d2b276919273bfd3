/** What people who run IPsec have reported in public, brought about in the lab: each question names the reports that it comes from. */
import type { Suite } from '../../harness/vocabulary/scenario.ts';
import { answerAfterDelete } from './answer-after-delete.ts';
import { certificateWithoutNames } from './certificate-without-names.ts';
import { groupOfChild } from './group-of-child.ts';
import { longestPackets } from './longest-packets.ts';
import { oneSpi } from './one-spi.ts';
import { otherGroup } from './other-group.ts';
import { overlappingChildren } from './overlapping-children.ts';
import { padding } from './padding.ts';
import { pathMtu } from './path-mtu.ts';
import { ranges } from './ranges.ts';
import { refusedFirstChild } from './refused-first-child.ts';
import { refusedWhileRekeyed } from './refused-while-rekeyed.ts';
import { rekeyedTwice } from './rekeyed-twice.ts';
import { sharedPort } from './shared-port.ts';
import { toldInside } from './told-inside.ts';

export const field: Suite = {
  name: 'field',
  title: 'Problems from the field',
  says: 'What people who run IPsec have reported in public, brought about in the lab; each case names its reports.',
  scenarios: [
    refusedWhileRekeyed,
    answerAfterDelete,
    rekeyedTwice,
    otherGroup,
    groupOfChild,
    certificateWithoutNames,
    ranges,
    padding,
    refusedFirstChild,
    overlappingChildren,
    oneSpi,
    sharedPort,
    pathMtu,
    toldInside,
    longestPackets,
  ],
};
