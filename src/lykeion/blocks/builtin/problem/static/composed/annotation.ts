import { all, asList, asObject, asText, type Compose, one } from "./composer";

/** A comment and a tag. */
export const compose: Compose = (form) => {
  const comment = one<HTMLTextAreaElement>(form, "[data-comment]");
  const tags = all<HTMLInputElement>(form, "[data-tag]");
  return {
    read(answer) {
      const kept = asObject(answer);
      comment.value = asText(kept.comment);
      const chosen = asList(kept.options).map(asText);
      for (const tag of tags) tag.checked = chosen.includes(tag.value);
    },
    value() {
      const options = tags.filter((tag) => tag.checked).map((tag) => Number(tag.value));
      return options.length || comment.value.trim() ? { options, comment: comment.value } : undefined;
    },
  };
};
