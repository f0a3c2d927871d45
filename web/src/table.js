// The table of the library, with links that lead to the pages of this site.
import { Yasgui } from "@zazuko/yasgui";

const { Yasr } = Yasgui;

export class LinkedTable extends Yasr.plugins.table {
  constructor(yasr) {
    super(yasr);
    this.helpReference = undefined;
    this.config = { ...this.config, openIriInNewWindow: false };
  }

  getUriLinkFromBinding(binding, prefixes) {
    const link = new DOMParser()
      .parseFromString(super.getUriLinkFromBinding(binding, prefixes), "text/html")
      .querySelector("a");
    if (!link) return "";
    link.href = pageOf(binding.value, this.yasr.site);
    link.title = binding.value;
    link.removeAttribute("target");
    return link.outerHTML;
  }
}

/** Where the page on a thing is: its own for things of the graph, else all that is said about it. */
export function pageOf(iri, { base, page, describe }) {
  if (iri.startsWith(base)) return page + encodeURI(iri.slice(base.length)).replace(/[?#]/g, encodeURIComponent);
  return `${describe}?${new URLSearchParams({ iri })}`;
}
