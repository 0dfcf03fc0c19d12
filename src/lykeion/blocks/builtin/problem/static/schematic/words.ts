import { partsOf, type Diagram } from "./diagram";
import type { Netlist } from "./netlist";
import { kindOf, type Part } from "./parts";
import type { Trouble } from "./simulate/trouble";

/** The sentences of the page's language, and how parts are called in them. */
export class Words {
  constructor(private readonly texts: Record<string, string>) {}

  say(key: string, values: Record<string, string | number> = {}): string {
    return (this.texts[key] ?? key).replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));
  }

  /** What a part is called: by its name, or by its kind and a number. */
  part(part: Part, diagram: Diagram): string {
    const word = this.say(kindOf(part).word);
    const own = part.properties.name || part.properties.label;
    if (own) return `${word} ${own}`;
    const alike = partsOf(diagram).filter((one) => one.type === part.type && !(one.properties.name || one.properties.label));
    return alike.length > 1 ? `${word} (${alike.indexOf(part) + 1})` : word;
  }

  terminal(part: Part, index: number, diagram: Diagram): string {
    const { terminals } = kindOf(part);
    const name = this.part(part, diagram);
    return terminals.length === 1 ? name : `${name}, ${this.say(terminals[index]!.word)}`;
  }

  node(name: string): string {
    return name === "0" ? this.say("grounded") : name;
  }

  /** What a terminal is joined to, in words. */
  connection(part: Part, index: number, diagram: Diagram, netlist: Netlist): string {
    const name = netlist.ofPart.get(part)![index]!;
    const others = partsOf(diagram).flatMap((one) =>
      netlist.ofPart.get(one)!.flatMap((node, other) => (node === name && !(one === part && other === index) && one.type !== "L" && one.type !== "g" ? [this.terminal(one, other, diagram)] : [])),
    );
    const node = this.node(name);
    return others.length ? this.say("nodeWith", { node, others: others.join("; ") }) : this.say("nodeAlone", { node });
  }

  trouble({ key, values }: Trouble): string {
    return this.say(key, values);
  }
}
