import type { ProductAddresses } from './external-links.ts';

/**
 * What `build/scripts/build/product-addresses.ts` finds among the kinds of destination when this process is
 * built: the list is part of the program, and neither a page nor the engine can add to it.
 */
declare const CLOUDROLL_PRODUCT_ADDRESSES: ProductAddresses;

export const productAddresses: ProductAddresses = CLOUDROLL_PRODUCT_ADDRESSES;
