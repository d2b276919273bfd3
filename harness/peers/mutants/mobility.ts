/** All broken twins of Mobile IPv6. */

export * from './mobility-bindings.ts';
export * from './mobility-correspondent.ts';
export * from './mobility-headers.ts';
export * from './mobility-home-agent.ts';
export * from './mobility-key-management.ts';
export * from './mobility-messages.ts';
export * from './mobility-tunnels.ts';
export * from './mobility-updates-under-ipsec.ts';
