/**
 * What belongs to no SA of this node (RFC 7296 sections 1.5 and 2.21.4): a message of IKE under SPIs that it does not know is answered in clear, and a packet of ESP or AH
 * under one is told its sender, over an IKE SA where there is one. Whether, how and how often are rules; that anything is said at all is a setting.
 */
import type { IkeMessage } from '../wire/ike/message.ts';
import { notifyTypes } from '../wire/ike/notify-types.ts';
import { ikePorts } from '../wire/ike/registry.ts';
import { u32 } from '../wire/octets.ts';
import type { InitiatedExchange } from './exchange.ts';
import type { IkeSa, Surroundings } from './ike-sa.ts';
import { exchangeName } from './incoming.ts';
import type { Path, UnknownSpi } from './interface.ts';
import { LivingIkeSa } from './living-ike-sa.ts';
import { sendRequest, sendResponse } from './outgoing.ts';
import { find, notify } from './payloads.ts';
import { freshIkeSpi, tellRefusal } from './surroundings.ts';

/** INVALID_IKE_SPI, to where the message came from. */
export function answerUnknownIkeSpi(
  surroundings: Surroundings,
  message: IkeMessage,
  octets: Uint8Array,
  path: Path,
): void {
  const { rules, settings } = surroundings;
  const { header, payloads } = message;
  const isEncrypted = find(payloads, 'SK') !== undefined || find(payloads, 'SKF') !== undefined;
  const isAnswered = rules.unknownIkeSpiAnswered({ isResponse: header.flags.response, isEncrypted });
  if (!settings.tellsOfUnknownSpis || !isAnswered || !mayAnswer(surroundings, path)) return;
  const answered = { ...header, ...rules.unknownIkeSpiAnswer(header) };
  const nobody = new LivingIkeSa(surroundings, header.flags.initiator ? 'responder' : 'initiator', answered, path);
  const name = exchangeName(header.exchangeType) ?? 'INFORMATIONAL';
  const request = { message: { header: answered, payloads }, payloads: [], octets, path };
  sendResponse(nobody, request, name, { payloads: [notify(notifyTypes.INVALID_IKE_SPI)] });
}

/** INVALID_SPI, of a packet that this node cannot read. */
export function tellUnknownSpi(surroundings: Surroundings, { spi, ...ends }: UnknownSpi): void {
  const { rules, settings, ikeSas, env } = surroundings;
  if (!settings.tellsOfUnknownSpis) return;
  const theirs = ikeSas.filter(
    ({ path }) => path.remoteAddress === ends.remoteAddress && path.localAddress === ends.localAddress,
  );
  const ikeSa = theirs.findLast(({ state }) => state.name === 'established');
  const tells = invalidSpi(rules.unknownSpiNamed(spi));
  const how = rules.unknownSpiTold(theirs.length > 0);
  if (how === 'protected' && ikeSa) tellOn(ikeSa, tells, spi);
  if (how !== 'in clear') return;
  const path = pathOutside(ends);
  if (!mayAnswer(surroundings, path)) return;
  // Section 1.5: no SPI would mean anything to its recipient.
  const spis = { initiatorSPI: freshIkeSpi(env), responderSPI: new Uint8Array(8) };
  const nobody = new LivingIkeSa(surroundings, 'initiator', spis, path);
  sendRequest(nobody, tells, tells.build() ?? []);
}

function tellOn(ikeSa: IkeSa, tells: InitiatedExchange, spi: number): void {
  if (ikeSa.intends('complaint')) tellRefusal(ikeSa.surroundings, 'complaints', `SPI ${spi}: one is on its way`);
  else ikeSa.begin(tells);
}

/** The SPI is of ESP or of AH: its recipient cannot tell, and need not (section 1.5). */
function invalidSpi(spi: number): InitiatedExchange {
  return {
    name: 'INFORMATIONAL',
    purpose: 'complaint',
    build: () => [notify(notifyTypes.INVALID_SPI, u32(spi))],
    process: () => undefined,
  };
}

/** To the port that the packet came from, where it came in UDP. */
function pathOutside({ localAddress, remoteAddress, remotePort }: Omit<UnknownSpi, 'kind' | 'spi'>): Path {
  const isInUdp = remotePort !== undefined;
  const localPort = isInUdp ? NAT_TRAVERSAL : ikePorts.IKE;
  return { localAddress, localPort, remoteAddress, remotePort: remotePort ?? ikePorts.IKE };
}

function mayAnswer(surroundings: Surroundings, { remoteAddress }: Path): boolean {
  const answers = surroundings.rules.unprotectedAnswered(() => surroundings.spendsToken());
  if (!answers) tellRefusal(surroundings, 'unprotectedAnswers', `nothing is said to ${remoteAddress}`);
  return answers;
}

const NAT_TRAVERSAL = 4500;
