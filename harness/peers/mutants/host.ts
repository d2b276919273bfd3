/** Broken twins of the host around IPsec and IKE. */
export {};
