/** The files below /etc/iked in which iked looks for certificates, the key and revocation lists. It reads whatever lies in these folders. */
import type { Material } from '../../lab/material.ts';
import type { ConsoleChannel } from '../../runtime/console.ts';
import type { Store } from './render.ts';

/** In place of those before. Without a key the one before stays, because iked does not start without any. */
export async function writeStore(console: ConsoleChannel, store: Store, material: Material): Promise<void> {
  const { own, key, authorities, intermediates, revocationLists, publicKeys } = store;
  const certificates = [...own, ...intermediates];
  await console.remove(`${root}/pubkeys`);
  await Promise.all([
    refilled(
      console,
      'ca',
      authorities.map((recipe) => pem('CERTIFICATE', material.certificate(recipe))),
    ),
    refilled(
      console,
      'certs',
      certificates.map((recipe) => pem('CERTIFICATE', material.certificate(recipe))),
    ),
    refilled(
      console,
      'crls',
      revocationLists.map((recipe) => pem('X509 CRL', material.revocationList(recipe))),
    ),
    ...publicKeys.map(({ file, key: name }) =>
      console.write(`${root}/pubkeys/${file}`, pem('PUBLIC KEY', material.publicKey(name))),
    ),
    key === undefined || console.write(`${root}/private/local.key`, material.privateKey(key), '600'),
  ]);
}

async function refilled(console: ConsoleChannel, folder: string, contents: readonly string[]): Promise<void> {
  const before = await console.list(`${root}/${folder}`);
  if (before.length > 0) await console.remove(...before.map((name) => `${root}/${folder}/${name}`));
  await Promise.all(contents.map((content, place) => console.write(`${root}/${folder}/${place}.pem`, content)));
}

/** RFC 7468. */
function pem(label: string, octets: Uint8Array): string {
  const lines = Buffer.from(octets)
    .toString('base64')
    .match(/.{1,64}/g)!;
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}

const root = '/etc/iked';
