/** Columns of a table on a terminal. */

/** As wide as the longest of the names, unless that would leave no room for what is said of them. */
export const columnOf = (names: readonly string[]): number =>
  Math.min(
    MOST,
    names.reduce((most, { length }) => Math.max(most, length), 0),
  );

/** Characters. */
const MOST = 80;
