/** The door of the outbound room: calls to other machines, to allowed places only. */

export { type AddressKind, kindOfAddress } from './addresses.ts';
export { OUTBOUND_ENTRIES_MAX, type OutboundEntry, parseOutboundAllow } from './allow-list.ts';
export { type Caller, OUTBOUND_LIMITS, type OutboundAnswer, type OutboundLimits, type OutboundRequest, REDIRECTS_MAX } from './call.ts';
export type { Resolve } from './guarded-lookup.ts';
export { createLightOutbound, type LightOutboundOptions } from './light-outbound.ts';
export { createOutbound, type Outbound, type OutboundOptions } from './outbound.ts';
