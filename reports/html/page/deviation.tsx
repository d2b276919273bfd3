/** Who deviates where two products met and failed, by which sentences, and how that is known. */
import { deviatingIn, type PageBlame } from './matrix.ts';
import { routeAddress } from './route.ts';

export function DeviationTable({ blames }: { readonly blames: readonly PageBlame[] }) {
  return (
    <section>
      <h2>Cells that fail</h2>
      <div class="wide">
        <table class="cases">
          <thead>
            <tr>
              {['Scenario', 'Who', 'With', 'Came to', 'Who deviates', 'By', 'Because'].map((head) => (
                <th scope="col" key={head}>
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {blames.map((blame) => (
              <tr key={blame.cell.result.place}>
                <td>
                  <a href={routeAddress({ page: 'case', index: blame.cell.result.place, at: {} })}>
                    {blame.cell.scenario}
                  </a>
                </td>
                <td>{blame.cell.product}</td>
                <td>{blame.cell.companion}</td>
                <td>{blame.cell.why}</td>
                <td>{deviatingIn(blame)}</td>
                <td>{blame.documents.join(', ')}</td>
                <td>{blame.because}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

export function Deviation({ blame }: { readonly blame: PageBlame }) {
  return (
    <p class="deviation">
      <b>Who deviates: {deviatingIn(blame)}</b>
      {blame.documents.length > 0 && <>, by {blame.documents.join(', ')}</>}.{' '}
      <span class="quiet">{blame.because}.</span>
    </p>
  );
}
