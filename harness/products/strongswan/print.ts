/**
 * What charon is given, as swanctl.conf(5) a person can read or use with swanctl: certificates by the subject in their file's name, as they would lie in
 * /etc/swanctl. Pure.
 */
import type { CertificateRecipe } from '../../lab/node.ts';
import { printed } from '../network.ts';
import { isList, type StrongswanRendering, type SwanctlElement, type SwanctlItem, type SwanctlTree } from './render.ts';
import { spiSettings } from './settings.ts';

export function swanctlConf({
  connections,
  secrets,
  privateKeys,
  authorities,
  certificates,
  revocationLists,
  pools,
  spis,
  kernel,
}: StrongswanRendering): string {
  const shared = secrets.map(({ name, type = 'IKE', owners, key }): [string, SwanctlTree] => [
    `${type.toLowerCase()}-${name}`,
    { ...Object.fromEntries(owners.map((owner, place) => [`id-${place}`, owner])), secret: `0x${key}` },
  ]);
  return [
    ...privateKeys.map((name) => `# private/${name}.pem`),
    ...authorities.map((recipe) => `# x509ca/${fileName(recipe)}`),
    ...certificates.map((recipe) => `# x509/${fileName(recipe)}`),
    ...revocationLists.map(({ issuer }) => `# x509crl/${fileName(issuer)}`),
    ...(spis ? spiSettings(spis).map((setting) => `# strongswan.conf: charon-systemd.${setting}`) : []),
    section('connections', connections, ''),
    ...(Object.keys(pools).length > 0 ? [section('pools', pools, '')] : []),
    ...(shared.length > 0 ? [section('secrets', Object.fromEntries(shared), '')] : []),
    '',
    ...(kernel.length > 0 ? [printed({ settings: [], lines: kernel })] : []),
  ].join('\n');
}

function section(name: string, tree: SwanctlTree, indent: string): string {
  const lines = Object.entries(tree).map(([key, element]) => line(key, element, `${indent}  `));
  return [`${indent}${name} {`, ...lines, `${indent}}`].join('\n');
}

function line(key: string, element: SwanctlElement, indent: string): string {
  if (typeof element === 'string') return `${indent}${key} = ${quoted(element)}`;
  if (isList(element)) return `${indent}${key} = ${element.map(itemText).join(', ')}`;
  return section(key, element, indent);
}

function itemText(item: SwanctlItem): string {
  if (typeof item === 'string') return item;
  return 'publicKey' in item ? `${item.publicKey}.pem` : fileName(item);
}

const quoted = (text: string): string => (/[#{}"\s]/.test(text) ? `"${text.replace(/["\\]/g, '\\$&')}"` : text);

const fileName = ({ subject }: CertificateRecipe): string => `${subject.replace(/[^\w.=@-]+/g, '_')}.der`;
