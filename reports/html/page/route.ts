/** Where in the report one is, as the part of the address after `#`: it can be kept, sent and gone back to. */
import { useEffect, useState } from 'preact/hooks';
import { cases } from './data.ts';

export type Route =
  | { readonly page: 'front' }
  | { readonly page: 'requirements'; readonly filter: Filter }
  | { readonly page: 'matrix'; readonly filter: MatrixFilter }
  /** One requirement, by its ID in the catalogue, over all products. */
  | { readonly page: 'requirement'; readonly id: string }
  | { readonly page: 'case'; readonly index: number; readonly at: FramePlace }
  | { readonly page: 'comparison'; readonly pair: Pair }
  /** One case on both sides. */
  | { readonly page: 'both'; readonly name: CaseName; readonly pair: Pair }
  | { readonly page: 'nowhere' };

/** Two sides, as `sideKey` names them; what is worth comparing by itself where they are missing. */
export interface Pair {
  readonly one?: string;
  readonly other?: string;
  /** Only changes of this kind. */
  readonly kind?: string;
}

export interface CaseName {
  readonly id: string;
  readonly variant: string;
}

export interface Filter {
  readonly product?: string;
  readonly suite?: string;
  readonly reading?: string;
  readonly text?: string;
}

export interface MatrixFilter {
  /** On either side. */
  readonly product?: string;
  readonly outcome?: string;
  /** A product that deviates, or `neither by itself`. */
  readonly blame?: string;
  readonly text?: string;
}

/** A frame, and what of it: a buffer, and octets in it (half-open). */
export interface FramePlace {
  readonly frame?: number;
  readonly buffer?: string;
  readonly start?: number;
  readonly end?: number;
}

export function routeAddress(route: Route): string {
  switch (route.page) {
    case 'requirements':
      return `#/requirements${query({ ...route.filter })}`;
    case 'matrix':
      return `#/matrix${query({ ...route.filter })}`;
    case 'requirement':
      return `#/requirement/${encodeURIComponent(route.id)}`;
    case 'case': {
      const { product, id, variant } = cases[route.index]!;
      return `#/case/${[product, id, variant].map(encodeURIComponent).join('/')}${query({ ...route.at })}`;
    }
    case 'comparison':
      return `#/comparison${query({ ...route.pair })}`;
    case 'both': {
      const { id, variant } = route.name;
      return `#/both/${[id, variant].map(encodeURIComponent).join('/')}${query({ ...route.pair })}`;
    }
    default:
      return '#/';
  }
}

export function go(route: Route): void {
  location.hash = routeAddress(route);
}

/** Changes the address without a step in the history. */
export function replaceRoute(route: Route): void {
  history.replaceState(null, '', routeAddress(route));
  dispatchEvent(new HashChangeEvent('hashchange'));
}

export function useRoute(): Route {
  const [route, setRoute] = useState(readRoute);
  useEffect(() => {
    const changed = () => setRoute(readRoute());
    addEventListener('hashchange', changed);
    return () => removeEventListener('hashchange', changed);
  }, []);
  useEffect(() => {
    if (route.page !== 'case' || route.at.frame === undefined) scrollTo(0, 0);
  }, [route.page, route.page === 'case' ? route.index : 0]);
  return route;
}

function readRoute(): Route {
  const [path, search] = location.hash.replace(/^#\/?/, '').split('?') as [string, string | undefined];
  const parameters = Object.fromEntries(new URLSearchParams(search ?? ''));
  const [page, ...names] = path.split('/').map(unescaped);
  if (page === '') return { page: 'front' };
  if (page === 'requirements') return { page, filter: parameters };
  if (page === 'matrix') return { page, filter: parameters };
  if (page === 'requirement') return { page, id: names[0] ?? '' };
  if (page === 'comparison') return { page, pair: parameters };
  if (page === 'both') return { page, name: { id: names[0] ?? '', variant: names[1] ?? '' }, pair: parameters };
  const [product, id, variant = ''] = names;
  const index = cases.findIndex((each) => each.product === product && each.id === id && each.variant === variant);
  if (page !== 'case' || index < 0) return { page: 'nowhere' };
  return { page, index, at: framePlace(parameters) };
}

function framePlace(parameters: Readonly<Record<string, string>>): FramePlace {
  const number = (name: string) => (/^\d+$/.test(parameters[name] ?? '') ? { [name]: Number(parameters[name]) } : {});
  const buffer = parameters.buffer === undefined ? {} : { buffer: parameters.buffer };
  return { ...number('frame'), ...number('start'), ...number('end'), ...buffer };
}

function query(parameters: Readonly<Record<string, unknown>>): string {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined && value !== '');
  return given.length > 0 ? `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}` : '';
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
