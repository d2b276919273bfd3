/** The form above a table that may be filtered: some choices, a field for text, and a way back to everything. */
import type { Route } from './route.ts';
import { routeAddress } from './route.ts';

export interface Choice {
  readonly name: string;
  readonly label: string;
  readonly values: readonly string[];
}

interface FilterForm {
  readonly filter: Readonly<Record<string, string | undefined>>;
  /** What the text is looked for in, for a person. */
  readonly placeholder: string;
  readonly choices: readonly Choice[];
  /** Where nothing is filtered. */
  readonly everything: Route;
  readonly set: (change: Readonly<Record<string, string>>) => void;
}

export function FilterForm({ filter, placeholder, choices, everything, set }: FilterForm) {
  return (
    <form class="filters" onSubmit={(event) => event.preventDefault()}>
      {choices.map(({ name, label, values }) => (
        <label key={name}>
          {label}
          <select value={filter[name] ?? ''} onChange={(event) => set({ [name]: event.currentTarget.value })}>
            <option value="">all</option>
            {values.map((value) => (
              <option key={value}>{value}</option>
            ))}
          </select>
        </label>
      ))}
      <label class="search">
        text
        <input
          type="search"
          value={filter.text ?? ''}
          placeholder={placeholder}
          onInput={(event) => set({ text: event.currentTarget.value })}
        />
      </label>
      {Object.values(filter).some(Boolean) && <a href={routeAddress(everything)}>clear</a>}
    </form>
  );
}
