/** The shape of an entry of the catalogue: one recommendation, problem, solution or described behaviour of a source document, or a section of an RFC that is asked about itself. */

export interface CatalogueEntry {
  readonly id: string;
  readonly document:
    | 'DUPONT'
    | 'AURA'
    | 'BELLOVIN'
    | 'ARKKO'
    | 'MCDANIEL'
    | 'RFC2473'
    | 'RFC4106'
    | 'RFC4301'
    | 'RFC4555'
    | 'RFC4945'
    | 'RFC5216'
    | 'RFC5723'
    | 'RFC5998'
    | 'RFC6275'
    | 'RFC7296'
    | 'RFC7383'
    | 'RFC7427'
    | 'RFC7619'
    | 'RFC7670'
    | 'RFC8221'
    | 'RFC8247'
    | 'RFC8784'
    | 'RFC9242'
    | 'RFC9370';
  readonly title: string;
  /** Where in the source document. */
  readonly section: string;
  /** As the source says it; `obs` where it describes a behaviour. */
  readonly level: string;
  readonly role: string;
  readonly claim?: string;
}
