import type { ShapeMember } from '../identify/shapes.ts';
import type { Detector } from './detectors.ts';
import { maskLeafText, textOfMasked } from './mask-leaf.ts';
import { eachNode, hasShape, isList, type MaskNode, mapOf, memberNode, membersOf } from './mask-node.ts';
import { elementsOf, localName, mapChildren, textIn, type XmlElement } from './xml-tree.ts';

const withText = (element: XmlElement, text: string): XmlElement => ({ ...element, children: [text] });

/** An element with what its node says masked; undefined where it is left out. */
export function maskXml(
  element: XmlElement,
  node: MaskNode | undefined,
  detectors: readonly Detector[],
): XmlElement | undefined {
  function memberOf(parent: MaskNode, name: string): ShapeMember | undefined {
    return membersOf(parent).find((member) => {
      const list = member.isFlattened && isList(memberNode(parent, member));
      return (list ? (wireOfEach(parent, member) ?? member.wire) : member.wire) === name;
    });
  }

  function wireOfEach(parent: MaskNode, { target }: ShapeMember): string | undefined {
    const shape = typeof target === 'number' ? parent.shapes.shape(target) : undefined;
    return shape?.kind === 'list' ? shape.wire : undefined;
  }

  /** A child of a structure: a flattened list or map has no element of its own. */
  function member(child: XmlElement, parent: MaskNode): XmlElement | undefined {
    const found = memberOf(parent, localName(child.name));
    if (!found) return walk(child, undefined);
    const own = memberNode(parent, found);
    if (!found.isFlattened) return walk(child, own);
    if (own.isWhole) return undefined;
    return mapOf(own) ? entry(child, own) : walk(child, eachNode(own));
  }

  function entry(child: XmlElement, parent: MaskNode): XmlElement {
    const map = mapOf(parent);
    return withChildren(child, (each) =>
      walk(each, localName(each.name) === map?.valueWire ? eachNode(parent) : undefined),
    );
  }

  const withChildren = (parent: XmlElement, mask: (child: XmlElement) => XmlElement | undefined) =>
    mapChildren(parent, mask, (text) => maskLeafText(text, 's', detectors));

  function attributesOf(found: XmlElement, here: MaskNode | undefined): ReadonlyMap<string, string> {
    return new Map(
      [...found.attributes].map(([name, value]) => {
        const known = membersOf(here).find(({ place, wire }) => place === 'a' && wire === name);
        const own = known && here && memberNode(here, known);
        return [
          name,
          own?.isWhole ? (textOfMasked('s') ?? '') : maskLeafText(value, 's', detectors),
        ] as const;
      }),
    );
  }

  function walk(found: XmlElement, here: MaskNode | undefined): XmlElement | undefined {
    if (here?.isWhole) {
      const text = textOfMasked(here.target);
      return text === undefined ? undefined : withText({ ...found, attributes: new Map() }, text);
    }
    const named = { ...found, attributes: attributesOf(found, here) };
    if (elementsOf(found).length === 0) {
      const text = textIn(found);
      if (text === '') return named;
      // Its model says that there is more in it, some of it masked: it is not what it should be.
      if (hasShape(here) && text.trim() !== '' && (here?.paths.length ?? 0) > 0) return undefined;
      return withText(named, maskLeafText(text, here?.target, detectors));
    }
    if (mapOf(here) && here) return withChildren(named, (child) => entry(child, here));
    if (isList(here)) return withChildren(named, (child) => walk(child, eachNode(here)));
    return withChildren(named, (child) => (here ? member(child, here) : walk(child, undefined)));
  }

  return walk(element, node);
}
