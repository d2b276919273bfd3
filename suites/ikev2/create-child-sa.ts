/** The exchanges of CREATE_CHILD_SA in the RFC's notation (RFC 7296 sections 1.3.1 to 1.3.3); a child has a group of its own, or has none. */
const granted = 'HDR, SK {SA, Nr, [KEr,] TSi, TSr}';

export const makesChild = { asks: 'HDR, SK {SA, Ni, [KEi,] TSi, TSr}', answers: granted } as const;
export const rekeysIkeSa = { asks: 'HDR, SK {SA, Ni, KEi}', answers: 'HDR, SK {SA, Nr, KEr}' } as const;
export const rekeysChild = { asks: 'HDR, SK {N(REKEY_SA), SA, Ni, [KEi,] TSi, TSr}', answers: granted } as const;
