/** The composition together with what the command line brings from outside: products and suites named by the path of their module. */
import { resolve } from 'node:path';
import { requireFolder } from '../files/folder.ts';
import { isPath } from '../outside/module.ts';
import { isDeviceFile, outsideDevice } from '../outside/outside-device.ts';
import { outsideProduct } from '../outside/outside-product.ts';
import { outsideSuites } from '../outside/outside-suites.ts';
import type { GuestProduct, Product } from '../products/product.ts';
import { faultsOf } from '../run/plan-faults.ts';
import { ownRelease } from '../runtime/release.ts';
import { UsageFault, unknown } from '../usage-fault.ts';
import type { Composition } from './composition.ts';
import { named } from './named.ts';

export interface Gathered {
  readonly composition: Composition;
  /** By its name, of a release if it says one (`strongswan@trixie`), or by the path of its module. Throws `UsageFault` for one that does not exist. */
  product(word: string): Product;
}

export interface FromOutside {
  /** Names, and paths of modules. */
  readonly products?: readonly string[];
  /** Paths of modules. */
  readonly suites?: readonly string[];
  /** Folders of programs that nobody ships, by the option that names each. */
  readonly brought?: Readonly<Record<string, string>>;
}

/** Rejects with `FileFault` or `UsageFault` for a module that does not load, or exports something else. */
export async function gathered(
  ours: Composition,
  { products = [], suites = [], brought = {} }: FromOutside,
): Promise<Gathered> {
  const outside = new Map<string, Product>();
  for (const word of new Set(products)) {
    if (isDeviceFile(word)) outside.set(word, outsideDevice(word, ours.products));
    else if (isPath(word)) outside.set(word, await outsideProduct(word));
  }
  const composition = {
    ...ours,
    products: [...ours.products.map((each) => withBrought(each, brought)), ...outside.values()],
    suites: [...ours.suites, ...(await allOf(suites))],
  };
  requireOneOfEachName(composition.products);
  if (suites.length > 0) requireSound(composition);
  return { composition, product: (word) => outside.get(word) ?? productNamed(word, composition.products) };
}

function withBrought(product: Product, brought: NonNullable<FromOutside['brought']>): Product {
  const brings = product.runs === 'in-guest' ? product.brings : undefined;
  const folder = brings && brought[brings.option];
  if (folder === undefined) return product;
  named(`--${brings!.option}`, () => requireFolder(folder, brings!.folder));
  return brings!.from(resolve(folder));
}

async function allOf(files: readonly string[]) {
  const suites = [];
  for (const file of new Set(files)) suites.push(...(await outsideSuites(file)));
  return suites;
}

function productNamed(name: string, products: readonly Product[]): Product {
  const at = name.lastIndexOf('@');
  const found = products.find((product) => product.name === name);
  if (found) return found;
  const versions = at < 0 ? [] : versionsOf(name.slice(0, at), products);
  if (versions.length === 0)
    throw unknown(
      'product',
      name,
      products.map((product) => product.name),
    );
  const release = name.slice(at + 1);
  const version = versions.find((each) => releaseOf(each) === release);
  if (version) return version;
  throw unknown(`release of ${name.slice(0, at)}`, release, versions.map(releaseOf));
}

/** The product in a guest that is called by this plain name, and the same of other releases; nothing where there is none. */
function versionsOf(plain: string, products: readonly Product[]): readonly GuestProduct[] {
  const inGuests = products.filter((product) => product.runs === 'in-guest');
  return inGuests.filter(({ name, release }) => name === (release === undefined ? plain : `${plain}@${release}`));
}

const releaseOf = ({ release }: GuestProduct): string => release ?? ownRelease;

function requireOneOfEachName(products: readonly Product[]): void {
  const names = products.map(({ name }) => name);
  const twice = names.find((name, place) => names.indexOf(name) !== place);
  if (twice !== undefined) throw new UsageFault(`two products are called ${twice}: each has to have a name of its own`);
}

function requireSound({ suites }: Composition): void {
  const faults = faultsOf(suites);
  if (faults.length === 0) return;
  const more = faults.length > MOST_TOLD ? [`and ${faults.length - MOST_TOLD} more`] : [];
  throw new UsageFault(['these suites cannot be planned:', ...faults.slice(0, MOST_TOLD), ...more].join('\n  '));
}

const MOST_TOLD = 10;
