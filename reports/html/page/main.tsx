/** The page: a bar to move by, and whatever the address after `#` names. Everything it shows is in the file it stands in. */
import { render } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { BothPage } from './both-page.tsx';
import { CasePage } from './case-page.tsx';
import { ComparisonPage } from './comparison-page.tsx';
import { cases, caseTitle, comparisons } from './data.ts';
import { FrontPage } from './front-page.tsx';
import { anyoneMet } from './matrix.ts';
import { MatrixPage } from './matrix-page.tsx';
import { RequirementPage } from './requirement-page.tsx';
import { RequirementsPage } from './requirements-page.tsx';
import { type Route, routeAddress, useRoute } from './route.ts';
import { ThemeSwitch } from './theme-switch.tsx';

function Page() {
  const route = useRoute();
  useEffect(() => {
    document.title = titleOf(route);
  }, [route]);
  const main = useRef<HTMLElement>(null);
  const place = placeOf(route);
  const came = useRef(place);
  useEffect(() => {
    if (came.current !== place) main.current?.focus({ preventScroll: true });
    came.current = place;
  }, [place]);
  return (
    <>
      <button type="button" class="skip" onClick={() => main.current?.focus()}>
        Skip to the content
      </button>
      <header class="bar">
        <a class="wordmark" href={routeAddress({ page: 'front' })}>
          Touchstone
        </a>
        <nav aria-label="pages">
          <Link to={{ page: 'front' }} now={route}>
            Overview
          </Link>
          <Link to={{ page: 'requirements', filter: {} }} now={route}>
            By requirement
          </Link>
          {anyoneMet && (
            <Link to={{ page: 'matrix', filter: {} }} now={route}>
              Matrix
            </Link>
          )}
          {comparisons.length > 0 && (
            <Link to={{ page: 'comparison', pair: {} }} now={route}>
              What changed
            </Link>
          )}
        </nav>
        <ThemeSwitch />
      </header>
      <main ref={main} tabIndex={-1}>
        {shown(route)}
      </main>
    </>
  );
}

function shown(route: Route) {
  switch (route.page) {
    case 'front':
      return <FrontPage />;
    case 'requirements':
      return <RequirementsPage filter={route.filter} />;
    case 'requirement':
      return <RequirementPage id={route.id} />;
    case 'matrix':
      return <MatrixPage filter={route.filter} />;
    case 'case':
      return <CasePage key={route.index} index={route.index} at={route.at} />;
    case 'comparison':
      return <ComparisonPage pair={route.pair} />;
    case 'both':
      return <BothPage key={`${route.name.id}/${route.name.variant}`} name={route.name} pair={route.pair} />;
    case 'nowhere':
      return (
        <article>
          <h1>There is no such page in this report</h1>
          <p class="lede">
            <a href={routeAddress({ page: 'front' })}>Overview</a>
          </p>
        </article>
      );
  }
}

function Link({ to, now, children }: { to: Route; now: Route; children: string }) {
  return (
    <a href={routeAddress(to)} aria-current={to.page === now.page ? 'page' : undefined}>
      {children}
    </a>
  );
}

/** Who comes to another page begins to read there; who filters or looks at another frame stays where they are. */
function placeOf(route: Route): string {
  switch (route.page) {
    case 'case':
      return `case ${route.index}`;
    case 'both':
      return `both ${route.name.id}/${route.name.variant}`;
    case 'requirement':
      return `requirement ${route.id}`;
    default:
      return route.page;
  }
}

function titleOf(route: Route): string {
  if (route.page === 'case') return `${caseTitle(cases[route.index]!)} · Touchstone`;
  if (route.page === 'both')
    return `${[route.name.id, route.name.variant].filter(Boolean).join('/')} twice · Touchstone`;
  if (route.page === 'requirement') return `${route.id} · Touchstone`;
  const titles = {
    requirements: 'By requirement · Touchstone',
    matrix: 'Matrix · Touchstone',
    comparison: 'What changed · Touchstone',
  };
  return route.page in titles ? titles[route.page as keyof typeof titles] : 'Touchstone';
}

const root = document.getElementById('page')!;
root.textContent = '';
render(<Page />, root);
