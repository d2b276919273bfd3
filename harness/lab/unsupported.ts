/**
 * A product would not take its configuration, or a scenario came to a command that it has none of. The case is `unsupported`, in the words of the product, as one is of
 * which its documentation says so beforehand.
 */
export class Unsupported extends Error {
  constructor(says: string) {
    super(says);
    this.name = 'Unsupported';
  }
}
