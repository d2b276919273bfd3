/** How a case is opened elsewhere: its capture, and commands that put the keys in place and go to the frame that decided. */
import type { Evidence } from '../../../harness/judge/evidence.ts';
import type { PageCase } from '../page-cases.ts';
import { isOneLine, linkTo, quoted } from './bundle-path.ts';
import { bundleOf, caseTitle, runtimeOf } from './data.ts';
import { LongText } from './long-text.tsx';

interface BundleLinksProps {
  readonly each: PageCase;
  /** The one that is looked at. */
  readonly frame: number | undefined;
}

export function BundleLinks({ each, frame }: BundleLinksProps) {
  const path = bundleOf(each);
  if (path === undefined) return null;
  return (
    <section class="elsewhere" id="wireshark">
      <h2>In Wireshark</h2>
      <p>
        <a href={linkTo(path, 'case.pcapng')} aria-label={`case.pcapng of ${caseTitle(each)}`}>
          case.pcapng
        </a>{' '}
        ·{' '}
        <a href={linkTo(path, 'README')} aria-label={`README of ${caseTitle(each)}`}>
          README
        </a>
        , as long as this page stands where it was written. Opened by the link alone, what is protected stays closed:
        pcapng has no block for the secrets of IKE, ESP or AH, so the keys are files beside the capture. With them, from
        the folder of this page:
      </p>
      <LongText class="log commands">{commandsFor(path, frame).join('\n')}</LongText>
      <p class="quiet">Keys that Wireshark 4.0 has no spelling for are named in the README.</p>
    </section>
  );
}

/** A capture of others is not kept a second time: its packets have the numbers that Wireshark gives them. */
export function CaptureCommand({
  each,
  evidence,
}: {
  readonly each: PageCase;
  readonly evidence: readonly Evidence[];
}) {
  const numbers = [...new Set(evidence.flatMap((one) => (one.kind === 'frame' ? [one.frame] : [])))].slice(0, MOST);
  if (runtimeOf(each) !== 'capture' || numbers.length === 0 || !isOneLine(each.product)) return null;
  return (
    <section class="elsewhere">
      <h2>In Wireshark</h2>
      <p>
        The numbers are those of the packets in the capture. From its folder, with the keys where Wireshark finds them:
      </p>
      <LongText class="log commands">
        {`tshark -r ${quoted(each.product)} -Y 'frame.number in {${numbers.join(',')}}' -V`}
      </LongText>
    </section>
  );
}

function commandsFor(path: string, frame: number | undefined): readonly string[] {
  const folder = `cd ${quoted(path)} && WIRESHARK_CONFIG_DIR=.`;
  const go = frame === undefined ? '' : ` -g ${frame}`;
  const only = frame === undefined ? '' : ` -Y frame.number==${frame}`;
  return [
    `${folder} wireshark${go} case.pcapng`,
    `${folder} tshark -r case.pcapng${only} -V`,
    `npx touchstone rejudge ${quoted(path)}`,
  ];
}

/** Packets in one command. */
const MOST = 20;
