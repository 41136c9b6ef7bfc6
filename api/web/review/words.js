// Numbers and verdicts in words.

const BANDS = {
  A: "recommended for approval",
  B: "probable",
  C: "possible",
  "-": "below the queue",
};

/** The reason of a verdict that is given with one key; it is the first of every list. */
export const BY_EVIDENCE = "By the evidence shown";

export const VERDICTS = {
  same: {
    key: "s",
    name: "Same person",
    says: "one person",
    reasons: [BY_EVIDENCE, "Name and birth date agree", "The person said so", "Account or document confirms it", "History fits together"],
  },
  household: {
    key: "h",
    name: "Household",
    says: "two people of one household",
    reasons: [BY_EVIDENCE, "Spouses or partners", "Parent and child", "Twins or siblings", "Share an address or phone"],
  },
  different: {
    key: "d",
    name: "Different",
    says: "two different people",
    reasons: [BY_EVIDENCE, "Names contradict", "Birth dates contradict", "The person said so", "Agreement is by chance"],
  },
  shared_identifier: {
    key: "i",
    name: "Shared identifier",
    says: "two people who share an identifier",
    reasons: [BY_EVIDENCE, "Role mailbox or office line", "Shared device or kiosk", "Number was given to somebody else", "Placeholder value"],
  },
  unsure: {
    key: "u",
    name: "Unsure",
    says: "not to be told apart yet",
    reasons: [BY_EVIDENCE, "Too little evidence", "Evidence contradicts itself", "Needs a call to the customer"],
  },
};

export const UNDONE = "Undone at once";

export const RETRACTIONS = ["Decided by mistake", "New information", "Evidence was weakened"];

export const bandInWords = (band) => BANDS[band] ?? band;

export const verdictInWords = (verdict) => VERDICTS[verdict]?.name ?? verdict ?? "no verdict";

/** `+3.1` or `−3.1`, with a real minus. */
export function signed(bits) {
  const text = Math.abs(bits).toFixed(1);
  if (text === "0.0") return "0.0";
  return (bits < 0 ? "−" : "+") + text;
}

/** `98.4 %`; never 100 or 0 for what is not certain. */
export function percent(p) {
  if (p > 0.999 && p < 1) return p > 0.9999 ? "> 99.99 %" : `${(p * 100).toFixed(2)} %`;
  if (p > 0 && p < 0.001) return "< 0.1 %";
  return `${(p * 100).toFixed(1)} %`;
}

/** What the two numbers say together: the smaller decides. */
export function verdictSentence(candidate) {
  const { bits_stranger: stranger, bits_household: household } = candidate;
  const figures = `${bits(stranger)} against a stranger, ${bits(household)} against a household`;
  return `${figures}: ${conclusion(stranger, household)}`;
}

function conclusion(stranger, household) {
  const least = Math.min(stranger, household);
  const rival = household <= stranger ? "one household" : "two strangers";
  if (least >= 6.6) return "one person is far more likely than anything else.";
  if (least >= 3) return `one person is likely; ${rival} is what could still explain it.`;
  if (least >= 0) return `one person is only just ahead; ${rival} could explain it as well.`;
  if (household < 0 && household < stranger) return "one household explains it better than one person.";
  return "two strangers explain it better than one person.";
}

const bits = (value) => `${value < 0 ? "−" : ""}${Math.abs(value).toFixed(1)} bits`;

/** `given_name` → `Given name`. */
export function spaced(name) {
  const text = String(name).replaceAll("_", " ").replaceAll(".", " · ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A normalised name as a person would write it. */
export function titled(text) {
  return String(text).replace(/(^|[\s'-])(\p{L})/gu, (_, before, letter) => before + letter.toUpperCase());
}

/** What to call a view: its name, else its best identifier, else its id. */
export function personName(person) {
  const trait = (name) => person.traits?.[name]?.value;
  const name = trait("full_name") ?? [trait("given_name"), trait("family_name")].filter(Boolean).join(" ");
  if (name) return name;
  const best = ["user_id", "email", "phone", "cookie", "session"]
    .map((kind) => person.identifiers?.find((held) => held.kind === kind))
    .find(Boolean);
  return best ? best.value : shortId(person.id);
}

export const shortId = (id) => (id && id.length > 13 ? `${id.slice(0, 8)}…${id.slice(-4)}` : id);

const DAY = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium" });
const CLOCK = new Intl.DateTimeFormat("en-GB", { timeStyle: "short" });
const MINUTE = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short" });

export const day = (moment) => (moment ? DAY.format(parsed(moment)) : "–");
export const clock = (moment) => (moment ? CLOCK.format(parsed(moment)) : "–");
export const minute = (moment) => (moment ? MINUTE.format(parsed(moment)) : "–");

/** Neo4j writes nanoseconds, which not every browser reads. */
export function parsed(moment) {
  return new Date(String(moment).replace(/(\.\d{3})\d+/, "$1").replace(/\[.*\]$/, ""));
}

export const many = (count, noun, plural = `${noun}s`) => `${count.toLocaleString("en-GB")} ${count === 1 ? noun : plural}`;
