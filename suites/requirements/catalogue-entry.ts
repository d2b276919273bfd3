/** The shape of an entry of the catalogue: one recommendation, problem, solution or described behaviour of a source document, or a section of RFC 6275. */

export interface CatalogueEntry {
  readonly id: string;
  readonly document: 'DUPONT' | 'AURA' | 'BELLOVIN' | 'ARKKO' | 'MCDANIEL' | 'RFC6275' | 'RFC7296';
  readonly title: string;
  /** Where in the source document. */
  readonly section: string;
  /** As the source says it; `obs` where it describes a behaviour. */
  readonly level: string;
  readonly role: string;
  readonly claim?: string;
}
