/**
 * The database of NSS in which pluto looks for certificates, keys and revocation lists, made with the tools of libnss3-tools. A key goes in
 * with its certificate by PKCS #12; the rest goes in with one certutil(1). These are half a dozen processes, so a database that was made is kept in its guest; pluto,
 * which may write into its own, has a copy.
 */
import type { Material } from '../../lab/material.ts';
import type { ConsoleChannel } from '../../runtime/console.ts';
import type { Store } from './render.ts';

export class Stores {
  readonly #console: ConsoleChannel;
  readonly #material: Material;
  /** The folder of each that was made, by its content. */
  readonly #made = new Map<string, string>();
  #held: string | undefined;

  constructor(console: ConsoleChannel, material: Material) {
    this.#console = console;
    this.#material = material;
  }

  /** Puts it where pluto looks; nothing may have that open. What the tools objected to; empty when all of it went in. */
  async holds(store: Store): Promise<string[]> {
    const content = JSON.stringify(store);
    if (content === this.#held) return [];
    this.#held = undefined;
    const made = this.#made.get(content) ?? `${madeOnes}/${this.#made.size}`;
    if (!this.#made.has(content)) {
      const refused = await this.#makes(store, made);
      if (refused.length > 0) return refused;
      this.#made.set(content, made);
    }
    await this.#console.remove(database);
    const { status, output } = await this.#console.exec(['cp', '-r', made, database]);
    if (status !== 0) return [`NSS: ${output.trim()}`];
    this.#held = content;
    return [];
  }

  async #makes(store: Store, made: string): Promise<string[]> {
    const { own, authorities, intermediates, revocationLists } = store;
    const material = this.#material;
    const files: [string, Uint8Array | string][] = [
      ...own.flatMap(({ nickname, certificate, key }): [string, Uint8Array | string][] => [
        [`${nickname}.der`, material.certificate(certificate)],
        [`${nickname}.key`, material.privateKey(key)],
      ]),
      ...authorities.map((recipe, place): [string, Uint8Array] => [`authority-${place}`, material.certificate(recipe)]),
      ...intermediates.map((recipe, place): [string, Uint8Array] => [`chain-${place}`, material.certificate(recipe)]),
      ...revocationLists.map((recipe, place): [string, Uint8Array] => [
        `crl-${place}`,
        material.revocationList(recipe),
      ]),
      ['certutil', certutilLines(store)],
      ['script', script(store, made)],
    ];
    await this.#console.remove(folder, made);
    await Promise.all(files.map(([name, content]) => this.#console.write(`${folder}/${name}`, content)));
    const { status, output } = await this.#console.exec(['sh', '-e', `${folder}/script`]);
    return status === 0 ? [] : [`NSS: ${output.trim()}`];
  }
}

function certutilLines({ authorities, intermediates }: Store): string {
  const line = (nickname: string, trust: string) => `-A -n ${nickname} -t ${trust} -i ${folder}/${nickname}\n`;
  return [
    ...authorities.map((_, place) => line(`authority-${place}`, 'CT,C,C')),
    ...intermediates.map((_, place) => line(`chain-${place}`, ',,')),
  ].join('');
}

/** The empty database is made once. */
function script({ own, authorities, intermediates, revocationLists }: Store, made: string): string {
  return [
    `[ -d ${empty} ] || { mkdir -p ${empty}; certutil -N -d sql:${empty} --empty-password; }`,
    `mkdir -p ${madeOnes}; cp -r ${empty} ${made}`,
    ...own.flatMap(({ nickname }) => [
      `openssl x509 -inform DER -in ${folder}/${nickname}.der -out ${folder}/${nickname}.pem`,
      `openssl pkcs12 -export -name ${nickname} -in ${folder}/${nickname}.pem -inkey ${folder}/${nickname}.key -passout pass:lab -out ${folder}/${nickname}.p12`,
      `pk12util -i ${folder}/${nickname}.p12 -d sql:${made} -W lab -K '' >/dev/null`,
    ]),
    ...(authorities.length + intermediates.length > 0 ? [`certutil -B -d sql:${made} -i ${folder}/certutil`] : []),
    ...revocationLists.map((_, place) => `crlutil -I -d sql:${made} -i ${folder}/crl-${place} -B`),
    '',
  ].join('\n');
}

const folder = '/run/touchstone-nss';
const empty = '/run/touchstone-nss-empty';
const madeOnes = '/run/touchstone-nss-made';
const database = '/var/lib/ipsec/nss';
