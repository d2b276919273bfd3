/** What pluto is given, as the files that its own tools read: ipsec.conf(5) and ipsec.secrets(5). Pure. */
import type { LibreswanRendering, Secret } from './render.ts';

/** Connections alone. */
export function ipsecConf({ connections }: Pick<LibreswanRendering, 'connections'>): string {
  return connections
    .map(({ name, parameters }) =>
      [`conn ${name}`, ...Object.entries(parameters).map(([key, value]) => `\t${key}=${quoted(value)}`), ''].join('\n'),
    )
    .join('\n');
}

export function ipsecSecrets(secrets: readonly Secret[]): string {
  return secrets
    .map(({ owners, ppkIdentity, key }) => {
      const kind = ppkIdentity === undefined ? 'PSK' : `PPKS "${ppkIdentity}"`;
      return `${[...owners.map(quoted), ':'].join(' ')} ${kind} 0x${key}\n`;
    })
    .join('');
}

/** For a person to read. */
export function printedFiles(rendering: LibreswanRendering): string {
  const { own, authorities, intermediates, revocationLists } = rendering.store;
  const secrets = ipsecSecrets(rendering.secrets);
  return [
    ...own.map(({ nickname, certificate, key }) => `# NSS: ${nickname}, ${certificate.subject}, with its key ${key}`),
    ...[...authorities, ...intermediates].map(({ subject }) => `# NSS: ${subject}`),
    ...revocationLists.map(({ issuer }) => `# NSS: the revocation list of ${issuer.subject}`),
    ipsecConf(rendering),
    ...(secrets === '' ? [] : ['# ipsec.secrets', secrets]),
  ].join('\n');
}

const quoted = (text: string): string => (text === '' || /[#"\s,]/.test(text) ? `"${text}"` : text);
