import type { Attributes, Node } from '@sketchgrad/core';

/** A node whose op has these attributes. */
export type NodeOf<A extends Attributes> = Omit<Node, 'attributes'> & { readonly attributes: A };
