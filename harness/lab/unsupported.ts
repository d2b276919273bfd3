/** A scenario came to a command that the product has none of. The case is `unsupported`, in the words of the product, as one is whose configuration it cannot have. */
export class Unsupported extends Error {
  constructor(says: string) {
    super(says);
    this.name = 'Unsupported';
  }
}
