/** What iked is given, as iked.conf(5). Pure. */
import type { OpenikedRendering, Policy } from './render.ts';

/** `active` names the policy that starts at once. */
export function ikedConf(rendering: OpenikedRendering, active?: string): string {
  const { policies, users, fragmentation, mobike, livenessInterval } = rendering;
  const settings = [
    `set ${mobike ? '' : 'no'}mobike`,
    `set dpd_check_interval ${livenessInterval}`,
    `set ${fragmentation ? '' : 'no'}fragmentation`,
    ...users.map(({ name, password }) => `user "${name}" "${password}"`),
  ];
  return [...settings, '', ...policies.map((policy) => policyText(policy, policy.name === active))].join('\n');
}

/** For a person to read. */
export function printed(rendering: OpenikedRendering): string {
  const { own, key, authorities, intermediates, revocationLists } = rendering.store;
  return [
    ...own.map(({ subject }) => `# /etc/iked/certs: ${subject}, with its key ${key} in private/local.key`),
    ...intermediates.map(({ subject }) => `# /etc/iked/certs: ${subject}`),
    ...authorities.map(({ subject }) => `# /etc/iked/ca: ${subject}`),
    ...revocationLists.map(({ issuer }) => `# /etc/iked/crls: the revocation list of ${issuer.subject}`),
    ...rendering.kernel.map((line) => `# ip ${line}`),
    ikedConf(rendering),
  ].join('\n');
}

function policyText(policy: Policy, isActive: boolean): string {
  const { name, mode, encapsulation, protocol, flows, local, peer, dstid, sharedKey, eap } = policy;
  const lines = [
    `ikev2 "${name}" quick ${isActive ? 'active' : 'passive'} ${mode} ${encapsulation}`,
    ...(protocol === undefined ? [] : [`proto ${protocol}`]),
    ...flows.map(({ from, to }) => `from ${from} to ${to}`),
    `${local === undefined ? '' : `local ${local} `}peer ${peer}`,
    ...policy.ikesa.map((transforms) => `ikesa ${transforms}`),
    ...policy.childsa.map((transforms) => `childsa ${transforms}`),
    `srcid "${policy.srcid}"${dstid === undefined ? '' : ` dstid "${dstid}"`}`,
    `ikelifetime 0 lifetime ${policy.lifetime}`,
    ...(sharedKey === undefined ? [] : [`psk 0x${sharedKey}`]),
    ...(eap === undefined ? [] : [`eap "${eap}"`]),
    ...policy.internalAddresses,
  ];
  return `${lines.join(' \\\n\t')}\n`;
}
