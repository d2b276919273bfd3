/** The first page: what ran, how it came out, what was not expected, and whether the harness proved its own honesty. */
import { byGravity, type CaseMark, gravest } from '../../model.ts';
import type { PageCase } from '../page-cases.ts';
import { cases, caseTitle, result } from './data.ts';
import { Mark, meanings, signs } from './mark.tsx';
import { counted, duration } from './numbers.ts';
import { routeAddress } from './route.ts';

export function FrontPage() {
  const unexpected = cases.map((each, index) => ({ each, index })).filter(({ each }) => !each.expected);
  return (
    <article class="front">
      <p class="eyebrow">
        {result.startedAt.replace('T', ' ').replace(/\..*/, ' UTC')} · seed {result.seed} · Touchstone{' '}
        {result.touchstone}
      </p>
      <h1>{headline(unexpected.length)}</h1>
      <p class="lede">
        {counted(cases.length, 'case')}
        {result.products.length > 0 && (
          <> on {listed(result.products.map(({ name, version }) => `${name} ${version}`))}</>
        )}
        , in {duration(Date.parse(result.finishedAt) - Date.parse(result.startedAt))}.
        {result.summary.interrupted && <b> The run was interrupted; what ran is here.</b>}
      </p>
      <Unmet />
      {unexpected.length > 0 && <Unexpected found={unexpected} />}
      <h2>Products</h2>
      <div class="products">
        {result.products.map((product) => (
          <Product key={product.name} product={product} />
        ))}
      </div>
      <Legend />
    </article>
  );
}

/** Expected or not: that a baseline knows of a deviation does not make it none. */
function Unmet() {
  const count = (mark: CaseMark) =>
    cases.filter((each) => each.readings.some(({ reading }) => reading === mark)).length;
  const link = (mark: CaseMark) => (
    <a href={routeAddress({ page: 'requirements', filter: { reading: mark } })}>{counted(count(mark), 'case')}</a>
  );
  if (count('fail') + count('warn') === 0) {
    const judged = cases.filter((each) => each.readings.some(({ reading }) => reading === 'pass')).length;
    return (
      <p class="lede">
        No document’s MUST or SHOULD was seen unmet in the {counted(judged, 'case')} that could be judged.
      </p>
    );
  }
  return (
    <p class="lede">
      In {link('fail')} some document’s MUST is not met, in {link('warn')} some document’s SHOULD.
    </p>
  );
}

function Unexpected({ found }: { found: readonly { each: PageCase; index: number }[] }) {
  return (
    <section class="unexpected">
      <h2>Unexpected</h2>
      <ul>
        {found.slice(0, SHOWN).map(({ each, index }) => (
          <li key={index}>
            <Mark of={gravest(each)} />
            <a href={routeAddress({ page: 'case', index, at: {} })}>{caseTitle(each)}</a>
            <span class="quiet">{each.product}</span>
            <span class="what">
              <b>{each.outcome}</b> {each.error ?? each.title}
            </span>
          </li>
        ))}
      </ul>
      {found.length > SHOWN && (
        <p>
          <a href={routeAddress({ page: 'requirements', filter: { reading: 'unexpected' } })}>
            and {found.length - SHOWN} more
          </a>
        </p>
      )}
    </section>
  );
}

function Product({ product }: { product: (typeof result.products)[number] }) {
  const own = cases.filter((each) => each.product === product.name);
  const suites = [...new Set(own.map(({ suite }) => suite))];
  return (
    <section class="product">
      <h3>
        {product.name} <span class="quiet">{product.version}</span>
      </h3>
      <p class="quiet">
        {product.runtime}
        {product.kernel && <> · {product.kernel}</>}
        {product.system && <> · {product.system.release}</>}
      </p>
      {product.system && (
        <details class="packages">
          <summary>Packages found</summary>
          <ul>
            {Object.entries(product.system.packages).map(([name, version]) => (
              <li key={name}>
                {name} <span class="quiet">{version}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
      <table class="suites">
        <tbody>
          {suites.map((suite) => (
            <Suite key={suite} product={product.name} suite={suite} own={own.filter((each) => each.suite === suite)} />
          ))}
        </tbody>
      </table>
      {product.honesty.length > 0 && <h4>Honesty: what had to go wrong, did</h4>}
      <ul class="honesty">
        {product.honesty.map(({ name, held, says }) => (
          <li key={name} class={held ? 'held' : 'not-held'}>
            <span class="sign">{held ? '✓' : '✗'}</span> {name} <span class="quiet">{says}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Suite({ product, suite, own }: { product: string; suite: string; own: readonly PageCase[] }) {
  const counts = new Map<CaseMark, number>();
  for (const each of own) counts.set(gravest(each), (counts.get(gravest(each)) ?? 0) + 1);
  const shown = [...byGravity].reverse().filter((mark) => counts.has(mark));
  return (
    <tr>
      <th scope="row">
        <a href={routeAddress({ page: 'requirements', filter: { product, suite } })}>{suite}</a>
      </th>
      <td class="number">{own.length}</td>
      <td class="stretch">
        <div class="distribution">
          {shown.map((mark) => (
            <a
              key={mark}
              class={`mark-${mark}`}
              style={{ flexGrow: counts.get(mark)! }}
              href={routeAddress({ page: 'requirements', filter: { product, suite, reading: mark } })}
              title={`${counts.get(mark)} ${mark}`}
            >
              <span>
                {signs[mark]} {counts.get(mark)}
              </span>
            </a>
          ))}
        </div>
      </td>
    </tr>
  );
}

function Legend() {
  return (
    <section class="legend">
      <h2>How to read this</h2>
      <p>
        A case asks one question and has one outcome. Several documents may read the same outcome, and they often
        disagree; a bar above counts each case once, by the gravest reading. Beside the level stands whom the document’s
        sentence addresses; one that addresses somebody else than the product demands nothing of it. Every outcome
        points at the frames, silences or states that decided it.
      </p>
      <dl>
        {[...byGravity].reverse().map((mark) => (
          <div key={mark}>
            <dt>
              <Mark of={mark} />
            </dt>
            <dd>{meanings[mark]}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function headline(unexpected: number): string {
  if (cases.length === 0) return 'Nothing ran';
  return unexpected === 0 ? 'Everything as expected' : `${counted(unexpected, 'unexpected verdict')}`;
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

const SHOWN = 20;
