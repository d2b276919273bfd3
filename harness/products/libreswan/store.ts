/**
 * The database of NSS in which pluto looks for certificates, keys and revocation lists, made anew with the tools of libnss3-tools. A key goes in
 * with its certificate by PKCS #12; the rest goes in with one certutil(1).
 */
import type { Material } from '../../lab/material.ts';
import type { ConsoleChannel } from '../../runtime/console.ts';
import type { Store } from './render.ts';

/** What the tools objected to; empty when all of it went in. Nothing may have the database open. */
export async function makeStore(console: ConsoleChannel, store: Store, material: Material): Promise<string[]> {
  const { own, authorities, intermediates, revocationLists } = store;
  const files: [string, Uint8Array | string][] = [
    ...own.flatMap(({ nickname, certificate, key }): [string, Uint8Array | string][] => [
      [`${nickname}.der`, material.certificate(certificate)],
      [`${nickname}.key`, material.privateKey(key)],
    ]),
    ...authorities.map((recipe, place): [string, Uint8Array] => [`authority-${place}`, material.certificate(recipe)]),
    ...intermediates.map((recipe, place): [string, Uint8Array] => [`chain-${place}`, material.certificate(recipe)]),
    ...revocationLists.map((recipe, place): [string, Uint8Array] => [`crl-${place}`, material.revocationList(recipe)]),
    ['certutil', certutilLines(store)],
    ['script', script(store)],
  ];
  await console.remove(folder);
  await Promise.all(files.map(([name, content]) => console.write(`${folder}/${name}`, content)));
  const { status, output } = await console.exec(['sh', '-e', `${folder}/script`]);
  return status === 0 ? [] : [`NSS: ${output.trim()}`];
}

function certutilLines({ authorities, intermediates }: Store): string {
  const line = (nickname: string, trust: string) => `-A -n ${nickname} -t ${trust} -i ${folder}/${nickname}\n`;
  return [
    ...authorities.map((_, place) => line(`authority-${place}`, 'CT,C,C')),
    ...intermediates.map((_, place) => line(`chain-${place}`, ',,')),
  ].join('');
}

/** The empty database is made once. */
function script({ own, authorities, intermediates, revocationLists }: Store): string {
  return [
    `[ -d ${empty} ] || { mkdir -p ${empty}; certutil -N -d sql:${empty} --empty-password; }`,
    `rm -rf ${database}/*; cp ${empty}/* ${database}`,
    ...own.flatMap(({ nickname }) => [
      `openssl x509 -inform DER -in ${folder}/${nickname}.der -out ${folder}/${nickname}.pem`,
      `openssl pkcs12 -export -name ${nickname} -in ${folder}/${nickname}.pem -inkey ${folder}/${nickname}.key -passout pass:lab -out ${folder}/${nickname}.p12`,
      `pk12util -i ${folder}/${nickname}.p12 -d sql:${database} -W lab -K '' >/dev/null`,
    ]),
    ...(authorities.length + intermediates.length > 0 ? [`certutil -B -d sql:${database} -i ${folder}/certutil`] : []),
    ...revocationLists.map((_, place) => `crlutil -I -d sql:${database} -i ${folder}/crl-${place} -B`),
    '',
  ].join('\n');
}

const folder = '/run/touchstone-nss';
const empty = '/run/touchstone-nss-empty';
const database = '/var/lib/ipsec/nss';
