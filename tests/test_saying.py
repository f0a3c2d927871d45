"""Attributions by syntax: who says what, in the wordings of news."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pyoxigraph import NamedNode

from aigraph.facts.speech.attribution import AttributionReader
from aigraph.facts.speech.spoken import covering
from aigraph.records import BlockKind, Claimant, Document, Mentions, Span, UnnamedGroup
from parsed import read_parsed

READER = AttributionReader()


def speaker(claimant: Claimant | None) -> str | None:
    if isinstance(claimant, UnnamedGroup):
        return claimant.label
    return claimant.value.rsplit("/", 1)[-1] if isinstance(claimant, NamedNode) else None


def told(text: str, word: str) -> str | None:
    """Who is said to say the last occurrence of a word of a text."""
    return told_in(*read_parsed(text), word)


def told_in(document: Document, mentions: Mentions, word: str) -> str | None:
    plain = document.article.text
    start = plain.rindex(word)
    block = next(b for b in document.blocks if b.block.span.start <= start < b.block.span.end)
    found = covering(READER.find(document, block, mentions.mentions), Span(start, start + len(word)))
    return speaker(found[0].claimant) if found else None


LEE = "[Ann Lee|Person]"

SAID = [
    # what is somebody's own
    (f"In the experience of {LEE}, the plant is full in May.", "full", "ann-lee"),
    ("By [Orrin|Company]'s measurements, the plant is full.", "full", "orrin"),
    # "the analyst" and "this person" have been told of; a name behind "the local utility" is the utility's
    (f"{LEE} of [Orrin|Company] said that prices rise. The plant, the analyst said, is full.", "full", "ann-lee"),
    ("An investor doubts that prices rise. The plant, this person said, is full.", "full", "investor"),
    ("An analyst said that prices rise.", "rise", "analyst"),
    (
        "[Tigris|Company] left, and the local utility, [Orrin|Company], says that prices rise.",
        "rise",
        "orrin",
    ),
    ("[Tigris|Company] grew. The specialist from [Porto|Place] expects sales of $3 billion.", "$3 billion", "tigris"),
    # what somebody finds a thing to do, or finds as a figure; answers; clauses that are put in
    ("[Orrin|Organization] found the [Q7|Chip] to reach 71% of the speed.", "71", "orrin"),
    (f"{LEE} of [Orrin|Company] finds a gap of $207 billion.", "billion", "ann-lee"),
    ('Yes, says [Orrin|Company], "and not for the first time".', "Yes", "orrin"),
    ("The coffee, an organiser promised, will be put right.", "coffee", "organiser"),
    # who has just been told of is meant by the post, and by the age
    (f"{LEE} was asked. Most are cancelled, the [Orrin|Company] founder observed.", "cancelled", "ann-lee"),
    (f'{LEE} laughed. "The plant is full of dust," the 69-year-old remarked.', "full", "ann-lee"),
    (
        f"{LEE}, chief executive of [Tigris|Company], was asked. Most are cancelled, the [Orrin|Company] founder said.",
        "cancelled",
        "orrin",
    ),
    # quotations alone: signed, behind a sentence about somebody, behind a label with what is told of somebody
    (f'"We chose plastic and not copper." ({LEE}, chief executive)', "plastic", "ann-lee"),
    (f'{LEE} of [Orrin|Company] takes the other view. "Three firms are not a strategy."', "strategy", "ann-lee"),
    (
        f'{LEE} said that prices rise. [Bo Orr|Person] is of another mind. "Three firms are not a strategy."',
        "strategy",
        "bo-orr",
    ),
    (f'{LEE}, who runs [Orrin|Company], a maker of chips: "It costs 94 euros in all."', "94", "ann-lee"),
    # "the two" are the first of them, "the authors" whoever has just spoken; an average estimate is that of several
    ("[Orrin|Company] and [Tigris|Company] will build a plant, the two said on Tuesday.", "plant", "orrin"),
    ("[Orrin|Company] says that prices rise. The plant is full, the authors say.", "full", "orrin"),
    (
        "[Orrin|Company] says that prices rise. The analysts polled by [Tigris|Company] say that the plant is full.",
        "full",
        "analysts polled by tigris",
    ),
    ("Sales were $4 billion, against the average analyst estimate of $3 billion.", "$3 billion", "analysts"),
    # plurals that nobody was told of are groups of their own, with all of their label
    ("[Orrin|Company] grew. Environmental groups say that the plant is full.", "full", "environmental groups"),
    ("[Orrin|Company] grew. Chinese companies say that the plant is full.", "full", "chinese companies"),
    ("[Orrin|Company] grew. Executives of two suppliers say the plant is full.", "full", "executives of two suppliers"),
    (
        "Two people with knowledge of the supply chain said that the plant is full.",
        "full",
        "people with knowledge of the supply chain",
    ),
    (
        "People familiar with the talks between the companies said that the plant is full.",
        "full",
        "people familiar with the talks between the companies",
    ),
    ("[Orrin|Company] grew. The companies say that the plant is full.", "full", "orrin"),
    ("[Orrin|Company] grew. Executives of the company say that the plant is full.", "full", "orrin"),
    ("[Orrin|Company] grew. Its executives say that the plant is full.", "full", "orrin"),
    ("[Orrin|Company] rejected the claim that prices will fall.", "prices", "orrin"),
    (f"{LEE} told us that the chip is fast.", "chip", "ann-lee"),
    ("[Tigris|Company] has lowered its outlook to $3 billion.", "$3 billion", "tigris"),
    # semicolons in quotation marks, and behind a colon
    (f'"The mine is empty; the plant is full," {LEE} says.', "empty", "ann-lee"),
    (f"{LEE} said: the mine is empty; the plant is full.", "full", "ann-lee"),
    (f"When {LEE} complained that the plant was full, the board had it enlarged.", "full", "ann-lee"),
    ("[Orrin|Company] bought chips, which carry power and of which a rack, it says, needs two.", "needs", "orrin"),
    ("One, from a reader in Porto, said that the plant is full.", "full", "reader in porto"),
    # a company whose name only tells which thing is meant is not "the company"
    ("[Tigris|Company] flew. On board is an [Orrin|Company] chip; it is fast, the company says.", "fast", "tigris"),
    # what somebody counts or reckons with, where it has a figure
    ("The agency [Orrin|Organization] counts 58,000 ships.", "58,000", "orrin"),
    ("Analysts reckon with a loss of 35%.", "35", "analysts"),
    ("[Tigris|Company] assumes a loss of 35%.", "35", "tigris"),
    ("[Tigris|Company] puts the cost at $3 billion.", "billion", "tigris"),
    # the speaker before
    (f"{LEE} said that prices will fall.", "prices", "ann-lee"),
    (f"{LEE} told investors on a call that prices will fall.", "prices", "ann-lee"),
    ("[Tigris|Company] said on Tuesday it had sold the plant.", "plant", "tigris"),
    ("[Tigris|Company] confirmed in a filing that it has sold the plant.", "plant", "tigris"),
    (f"In an interview with [Orrin|Company], {LEE} conceded that the yield was poor.", "yield", "ann-lee"),
    (f"{LEE}, who has run [Tigris|Company] since 2019, insists that demand is healthy.", "healthy", "ann-lee"),
    (f"{LEE}, chief executive of [Tigris|Company], warned that supply would stay tight.", "tight", "ann-lee"),
    ("[Tigris|Company]'s chief executive, [Ann Lee|Person], warned that supply would stay tight.", "tight", "ann-lee"),
    ("[Tigris|Company] chief executive [Ann Lee|Person] argues that margins have peaked.", "margins", "ann-lee"),
    (f"{LEE} of [Orrin|Company] reckons margins have peaked.", "margins", "ann-lee"),
    ("A spokesman for [Tigris|Company] said the plant is safe.", "safe", "tigris"),
    ("A [Tigris|Company] spokeswoman declined to give a date but said the plant is safe.", "safe", "tigris"),
    ("The ministry said that the export rules will not change.", "rules", "ministry"),
    ("A former engineer says that the chip never worked.", "worked", "former engineer"),
    ("The agency said that the export rules will not change.", "rules", "agency"),
    ("The ministry indicated that the export rules will not change.", "rules", "ministry"),
    ("Analysts suggest that prices will fall.", "prices", "analysts"),
    ("A survey shows that prices will fall.", "prices", "survey"),
    ("The utility said that the site needs more power.", "power", "utility"),
    ("A witness said that the chip never worked.", "worked", "witness"),
    ("Analysts at [Orrin|Company] think the stock is cheap.", "cheap", "orrin"),
    (
        "Two people familiar with the matter said the talks had collapsed.",
        "collapsed",
        "people familiar with the matter",
    ),
    ("Suppliers in Taiwan say that orders have slowed.", "slowed", "suppliers in taiwan"),
    ("A report by [Orrin|Company] says that orders have slowed.", "slowed", "orrin"),
    # behind and in between
    (f"Prices will fall, {LEE} said.", "Prices", "ann-lee"),
    (f"Prices will fall, said {LEE}, chief executive of [Tigris|Company].", "Prices", "ann-lee"),
    (f"Prices, {LEE} added, will fall next year.", "next year", "ann-lee"),
    (f'"Prices will fall," said {LEE}.', "Prices", "ann-lee"),
    (f'"We are sold out," {LEE} told reporters in Taipei. "It will stay that way."', "stay", "ann-lee"),
    (
        f'"We are sold out," says {LEE}, who founded [Tigris|Company] in 2012. "It will stay that way."',
        "stay",
        "ann-lee",
    ),
    ("The plant will open in June, [Tigris|Company] said in a statement.", "June", "tigris"),
    ("The plant will open in June, according to [Tigris|Company].", "June", "tigris"),
    ("According to [Orrin|Company], the plant will open in June.", "June", "orrin"),
    (
        "According to two people familiar with the plans, the plant will open in June.",
        "June",
        "people familiar with the plans",
    ),
    ("The plant, analysts say, will open in June.", "June", "analysts"),
    ("The plant will open in June, one supplier says.", "June", "supplier"),
    (f"{LEE} wrote in a note to clients: the plant will open in June.", "June", "ann-lee"),
    # nouns
    ("By [Orrin|Company]'s reckoning, the market will double.", "double", "orrin"),
    (f"In {LEE}'s view, the market will double.", "double", "ann-lee"),
    (f"In the words of {LEE}, the market is a zoo.", "zoo", "ann-lee"),
    ("[Orrin|Company]'s forecast of a 30% decline proved wrong.", "30%", "orrin"),
    ("[Tigris|Company]'s claim that the chip is twice as fast has not been tested.", "fast", "tigris"),
    (f"{LEE} is confident that the plant will open in June.", "June", "ann-lee"),
    # objects and infinitives
    ("[Tigris|Company] expects revenue of $3 billion this quarter.", "$3 billion", "tigris"),
    ("[Tigris|Company] guides for revenue of $3 billion.", "$3 billion", "tigris"),
    ("[Tigris|Company] forecast revenue of $3 billion.", "$3 billion", "tigris"),
    ("[Tigris|Company] expects sales to rise by 30%.", "30%", "tigris"),
    ("[Tigris|Company] claims to have cut power use by 30%.", "30%", "tigris"),
    ("[Tigris|Company] promises a 30% saving.", "30%", "tigris"),
    ("[Orrin|Company] puts the price at $2 billion.", "$2 billion", "orrin"),
    ("[Orrin|Company] estimates the cost at $2 billion.", "$2 billion", "orrin"),
    ("Analysts had expected $2 billion.", "$2 billion", "analysts"),
    ("Sales are expected by analysts to reach $2 billion.", "$2 billion", "analysts"),
    ("[Tigris|Company] denied a report that it will close the plant.", "plant", "tigris"),
    ("[Tigris|Company] rejects the accusation.", "accusation", "tigris"),
    (f"{LEE} described the plant as a burden.", "burden", "ann-lee"),
    (f"Asked whether the chip was late, {LEE} said it would ship in June.", "June", "ann-lee"),
    (f"{LEE} shrugged off the delay, saying the chip would ship in June.", "June", "ann-lee"),
    (f"As {LEE} puts it, the plant is a zoo.", "zoo", "ann-lee"),
    (f"The plant, as {LEE} notes, is full.", "full", "ann-lee"),
    ("Per [Orrin|Company], the plant is full.", "full", "orrin"),
    (f"For {LEE}, the real problem is power.", "power", "ann-lee"),
    (f"{LEE} made it clear that the plant would close.", "close", "ann-lee"),
    ("[Tigris|Company] has told customers that prices will rise.", "prices", "tigris"),
    ("[Orrin|Company] data show that shipments fell.", "shipments", "orrin"),
    ("Figures from [Orrin|Company] put the market at $90 billion.", "$90 billion", "orrin"),
    ("A survey of 300 buyers by [Orrin|Company] found that 40% plan to switch.", "40%", "orrin"),
    ("[Tigris|Company]'s own estimate is 30%.", "30%", "tigris"),
    ("[Tigris|Company] raised its revenue guidance to $3 billion.", "$3 billion", "tigris"),
    (f"{LEE} warned of a shortage that could last until 2028.", "shortage", "ann-lee"),
    (f"{LEE} dismissed talk of a merger as nonsense.", "merger", "ann-lee"),
    (f"Rumours that [Tigris|Company] would sell were denied by {LEE}.", "sell", "ann-lee"),
    ("[Tigris|Company] is on record as saying that the plant is safe.", "safe", "tigris"),
    (f'{LEE}: "We will not sell."', "sell", "ann-lee"),
    ('"Orders have doubled," said an executive at [Tigris|Company].', "doubled", "tigris"),
    ("Officials in Seoul maintain that the rules are fair.", "fair", "officials in seoul"),
    # going on
    (f"{LEE} said that prices will fall. She added that margins are safe.", "margins", "ann-lee"),
    (f"[Tigris|Company] is growing, {LEE} said. The plant is full, she added.", "full", "ann-lee"),
    (f"{LEE} said that prices will fall and that margins are safe.", "margins", "ann-lee"),
    (f"{LEE} praised the team, noting that margins are safe.", "margins", "ann-lee"),
    ("[Tigris|Company] has grown fast. The company says that margins are safe.", "margins", "tigris"),
    ("[Tigris|Company] has grown fast. Management expects a loss of $2 million.", "$2 million", "tigris"),
    (f"{LEE} runs [Tigris|Company]. The plant, she believes, will open in June.", "June", "ann-lee"),
    ("[Tigris|Company] raised its outlook and said that margins are safe.", "margins", "tigris"),
    (f'Asked about prices, {LEE} shrugged. "They will fall," she said.', "fall", "ann-lee"),
]

SAID += [
    # how far it reaches: brackets, a semicolon, a part of its own
    (f'The plant cost little ("less than the rent", {LEE} quipped).', "rent", "ann-lee"),
    ("The plant is full and, according to [Orrin|Company], the mine is empty.", "mine", "orrin"),
    (f"The plant is full; the mine, {LEE} said, is empty.", "mine", "ann-lee"),
    # who it is
    (f"Not all is well, in the view of {LEE}.", "well", "ann-lee"),
    (f"{LEE} counts. By her count 37% of the plants are idle.", "37%", "ann-lee"),
    ("According to the newspaper [Orrin Post|Company], the plant is full.", "full", "orrin-post"),
    ("The chip is fast, according to measurements that [Orrin|Company] carried out.", "fast", "orrin"),
    ("[Tigris|Company] and [Orrin|Company] grow. The chip is fast, the two companies state.", "fast", "tigris"),
    ("[Tigris|Company] has a plant. It never rests, a spokesman wrote.", "rests", "tigris"),
    (f"{LEE}, who follows [Tigris|Company], is gloomy: she expects sales of $3 billion.", "sales", "ann-lee"),
    (
        f"Chief executive {LEE} left [Orrin|Company]. [Tigris|Company] grows and, its boss says, burns cash.",
        "burns",
        "ann-lee",
    ),
    ("The Dutch trade minister said that the rules are fair.", "fair", "dutch trade minister"),
    ("The plant is full, if [Orrin Post|Company] is to be believed.", "full", "orrin-post"),
    ("The $3 billion that analysts had expected was too much.", "$3 billion", "analysts"),
    ("Analysts look for sales of $3 billion.", "sales", "analysts"),
    ("[Orrin|Company] valued the contract at $3 billion.", "$3 billion", "orrin"),
]

SAID += [
    # what is made clear or known, and other verbs that a tree tells apart
    ("[Tigris|Company] let it be known that prices will fall.", "prices", "tigris"),
    ("[Tigris|Company], the old rival in Basel, has let it be known that prices will fall.", "prices", "tigris"),
    (f"{LEE} made clear that prices will fall.", "prices", "ann-lee"),
    (f"The plant is full, as its chief executive {LEE} made clear in June.", "full", "ann-lee"),
    (f"{LEE} remembers that the plant was full.", "full", "ann-lee"),
    (f'"The plant is full," {LEE} relates.', "full", "ann-lee"),
    ("[Orrin|Company] assumes sales of $3 billion for [Tigris|Company].", "$3 billion", "orrin"),
    (f"{LEE} blames a shortage of machinists.", "shortage", "ann-lee"),
    (f"{LEE} welcomed the rules.", "rules", "ann-lee"),
    (f"{LEE} finds the rules excellent.", "rules", "ann-lee"),
    (f"An analyst at [Orrin|Company], {LEE}, values [Tigris|Company] at $3 billion.", "$3 billion", "ann-lee"),
    ("The plant is full, if [Orrin Post|Company] is right.", "full", "orrin-post"),
    # a public body is called by a word of its name, and is not another one; who issues a paper says what it says
    ("[Orrin Commission|Organization] met. The commission denies having sold it.", "sold", "orrin-commission"),
    ("[Orrin Commission|Organization] met. The university denies having sold it.", "sold", "university"),
    ("[Orrin|Company] put out a statement calling the plan a joke.", "joke", "orrin"),
    ("[Orrin|Company] issued a report saying that the plant is full.", "full", "orrin"),
    ("[Orrin|Company] read a report saying that the plant is full.", "full", "report"),
    (f"The plant is full, according to its chairwoman, {LEE} of [Tigris|Company].", "full", "ann-lee"),
    (f"{LEE} was glad. By her arithmetic the market will double.", "market", "ann-lee"),
    ("The plant will close in May, the government decreed.", "close", "government"),
    ("A court in Porto ruled that the plant will close.", "close", "court in porto"),
    ("[Tigris|Company] sold more chips than [Orrin|Company] claims to have sold.", "to have", "orrin"),
    ("[Tigris|Company] has pledged 40 chips to the school.", "40", "tigris"),
    # who is the subject before a colon, whoever has spoken before; what a colon announces, whatever its words are
    (
        f"{LEE} said that [Tigris|Company] is glad. [Orrin|Company] is leaving: it told us that it is full.",
        "full",
        "orrin",
    ),
    (
        f'[Bo Orr|Person] spoke. {LEE}, who heads [Orrin|Company], commented: "This more than triples our reach."',
        "reach",
        "ann-lee",
    ),
    # whoever is cited does not speak
    ("The [Orrin Post|Company] wrote on Monday, citing bankers, that the plant is full.", "full", "orrin-post"),
    # one of several
    ("Two analysts said that prices will fall. The plant is full, one of them added.", "full", "one of the analysts"),
]

UNSAID = [
    ("[Tigris|Company] found a way to sell the plant.", "plant"),
    ("[Tigris|Company] found 40 customers.", "40"),
    ("[Tigris|Company] has left. There is a plan: it calls for a plant.", "plant"),
    # what is more than somebody had promised, what is pawned, and nothing
    ("[Tigris|Company] sold more chips than it had promised.", "chips"),
    (f"[Orrin|Company] sold more chips than {LEE} had pencilled in.", "chips"),
    ("[Tigris|Company] has pledged the chips as security for loans.", "chips"),
    (f"{LEE} denies nothing.", "nothing"),
    ("By her arithmetic the market will double.", "market"),
    (f"{LEE} would neither confirm nor deny that the plant is full.", "full"),
    # a quotation alone behind a sentence about two people, or about none
    (f'{LEE} met [Bo Orr|Person] there. "The plant is full and it is old."', "full"),
    ('[Orrin|Company] is a maker of chips. "The plant is full and it is old."', "full"),
    # other senses: who reports to somebody, agrees on a deal, puts money into a firm, rejects a bid; questions
    (f"The plant is full, and {LEE}, the chief executive, will report to [Bo Orr|Person].", "plant"),
    ("[Orrin|Company], with which [Tigris|Company] agreed on a partnership, sells chips.", "chips"),
    ("[Orrin|Company] put money into the firm, at a valuation of $2 billion.", "$2 billion"),
    ("[Orrin|Company] rejected an offer of $190 million.", "$190 million"),
    ("[Orrin|Company] has lowered its outlook to negative.", "negative"),
    (f"Over tea {LEE} told us how the chip came about.", "chip"),
    ("[Orrin|Company] declined to say whether its engineers fear that prices will fall.", "prices"),
    ("[Tigris|Company] has it in a robot that climbs stairs.", "stairs"),
    # a place before a noun is not whose it is
    ("[Tigris|Company] turns its mine in [Dickens County|Place] into a data centre.", "mine"),
    # names that are given, other verbs by their particles, infinitives, nobody
    ("[Orrin|Company] sells a design that it calls [Weft|Architecture].", "design"),
    ("The chip, as [Orrin|Company] calls the product, is fast.", "fast"),
    (f"[Orrin|Company] called on {LEE} in the plant.", "plant"),
    ("[Orrin|Company] was offered a right to see the documents.", "documents"),
    ("Large customers must switch off when told.", "customers"),
    ("Nobody at [Orrin|Company] says that the plant is full.", "full"),
    ("In the lobby one sees only the last line.", "line"),
    (f"Nor did {LEE} mention the plant.", "plant"),
    # what stands beyond a semicolon, or around the relative clause that a speaker is put into
    ("[Orrin|Company] says that the plant is full; the mine is for sale.", "sale"),
    (f"The mine is empty; the plant is full, {LEE} says.", "empty"),
    ("[Orrin|Company] bought chips, which carry power and of which a rack, it says, needs two.", "bought"),
    (f"When {LEE} complained that the plant was full, the board had it enlarged.", "enlarged"),
    ("[Tigris|Company] puts 2,000 chips into a hall at the river.", "2,000"),
    ("[Tigris|Company] counts the days.", "days"),
    ("[Tigris|Company] counts 4,000 mines among its customers.", "4,000"),
    ("[Tigris|Company] made the chip clear of lead.", "lead"),
    ("[Tigris|Company] let the plant be sold.", "plant"),
    ("[Tigris|Company] welcomed 30 engineers.", "engineers"),
    ("[Tigris|Company] remembers the plant.", "plant"),
    ("Investors found something to dislike.", "something"),
    (f"{LEE} does not regret it.", "it"),
    ("But if [Orrin|Company] is right, the plant is full.", "plant"),
    ("The grid was granted a licence, and the plant is full.", "full"),
    # deeds, names and hearers
    ("[Tigris|Company] showed the chip behind closed doors in Kobe.", "chip"),
    ("[Tigris|Company] will add 20,700 chips to its cloud.", "20,700"),
    (f"{LEE} calls the fabric [Weft|Architecture].", "fabric"),
    ("Investors are told to expect sales of $3 billion.", "sales"),
    ("Analysts look for a buyer.", "buyer"),
    (f'The plant cost little ("less than the rent", {LEE} quipped).', "plant"),
    ("The plant is full and, according to [Orrin|Company], the mine is empty.", "plant"),
    (f"The stock fell 3%; according to {LEE}, that is nothing.", "stock"),
    ("The new bill suggests that the rules are fair.", "fair"),
    (f"The plant is full; the mine, {LEE} said, is empty.", "plant"),
    ("[Tigris|Company] has sold the plant.", "plant"),
    ("[Tigris|Company] plans to sell the plant.", "plant"),
    ("[Tigris|Company] declined to say whether it has sold the plant.", "plant"),
    ("[Tigris|Company] has not said when the plant will open.", "plant"),
    ("The plant is said to have cost $2 billion.", "$2 billion"),
    ("The price suggests that the plant is old.", "old"),
    # things and qualities do not speak, and what shows something now need be nobody
    ("So large a backlog shows that demand is healthy.", "healthy"),
    ("The size of their commitments indicates that demand is healthy.", "healthy"),
    ("Recent mentions of the chip suggest that prices will fall.", "prices"),
    ("The processor promises that prices will fall.", "prices"),
    ("Efficiency suggests that prices will fall.", "prices"),
    ("The latency indicates that the chip is old.", "old"),
    ("Its reliability shows that the plant is safe.", "safe"),
    ("The new accelerator promises a 30% saving.", "30%"),
    ("A round valued [Tigris|Company] at $2 billion.", "$2 billion"),
    ("[Tigris|Company] reported revenue of $2 billion.", "$2 billion"),
    ("[Tigris|Company] announced a chip with 80GB of memory.", "80GB"),
    (f"{LEE} could say that prices will fall.", "prices"),
    (f"{LEE} said that prices will fall, but the plant is full.", "full"),
    ("[Tigris|Company] wants to know what the plant costs.", "costs"),
]


HE_OR_SHE = [
    # who is "he" and who "she" the article tells elsewhere
    (
        f"{LEE} runs [Tigris|Company], which she founded.\n"
        "The board of [Bo Orr|Person] likes him. The plant, she said, is full.",
        "full",
        "ann-lee",
    ),
    (
        f"Ms {LEE} met [Bo Orr|Person]. His plant is small. The mine, she said, is empty.",
        "empty",
        "ann-lee",
    ),
    (
        f"{LEE} waits; her plant is full. [Bo Orr|Person] is sceptical: he expects sales of $3 billion.",
        "sales",
        "bo-orr",
    ),
    # behind several names a pronoun tells less than behind the only one of a paragraph, or than "himself"
    (
        f"{LEE} runs [Tigris|Company], which she founded.\n{LEE} met [Bo Orr|Person]. She smiled.\n"
        "[Bo Orr|Person] built the plant himself.\nThe mine, she said, is empty.",
        "empty",
        "ann-lee",
    ),
    # somebody without a name who has just spoken
    (f"{LEE} is glad. An engineer says that the plant is old. The mine, he adds, is full.", "full", "engineer"),
    # where it does not, the one last named
    (f"{LEE} met [Bo Orr|Person]. The plant, she said, is full.", "full", "bo-orr"),
]


@pytest.mark.parametrize(("text", "word", "who"), HE_OR_SHE)
def test_he_and_she_are_told_apart(text: str, word: str, who: str) -> None:
    assert told(text, word) == who


MISSED = pytest.mark.xfail(reason="the trees of the shipped language model miss it", strict=True)
MISSED_SAYINGS = frozenset(
    {"guides for revenue of $3 billion", "'s reckoning,", "made it clear that", "but the plant is full"}
)


@pytest.mark.parametrize(
    ("text", "word", "who"),
    [pytest.param(*each, marks=[MISSED] if any(m in each[0] for m in MISSED_SAYINGS) else []) for each in SAID],
)
def test_said(text: str, word: str, who: str) -> None:
    assert told(text, word) == who


@pytest.mark.parametrize(
    ("text", "word"),
    [pytest.param(*each, marks=[MISSED] if any(m in each[0] for m in MISSED_SAYINGS) else []) for each in UNSAID],
)
def test_unsaid(text: str, word: str) -> None:
    assert told(text, word) is None


def interview(*answers: str) -> str:
    """An interview with Ann Lee: a title, then questions, each with its answer."""
    questions = ("Why did you leave the lab?", "Who makes the chip?", "And what comes next?")
    asked = [f"{question}\n{answer}" for question, answer in zip(questions, answers, strict=False)]
    return "\n".join([f"A talk with {LEE}", f"{LEE} runs [Tigris|Company], a maker of chips.", *asked])


def asking(document: Document) -> Document:
    """A document whose paragraphs that ask are questions, as the layout of articles tells them."""
    text = document.article.text
    blocks = [
        replace(b, block=replace(b.block, kind=BlockKind.QUESTION)) if text[: b.block.span.end].endswith("?") else b
        for b in document.blocks
    ]
    return replace(document, blocks=tuple(blocks))


TALKS = [
    # answers in quotation marks that name nobody
    (interview('"The lab was slow. Chips take years there."', '"A foundry in Dresden."', '"A server."'), "Chips", True),
    # a talk word for word: the first person in most answers makes the others hers, too
    (interview("We wanted to ship.", "A foundry in Dresden makes it.", "Our server is next."), "foundry", True),
    # marks before questions and answers
    (interview("A: It was slow there.", "A: A foundry in Dresden.", "A: A server."), "slow", True),
    # another speaker in an answer has his own words alone
    (
        interview(
            '"The lab was slow. A friend, [Bo Orr|Person], thinks that chips take years."',
            '"No."',
            '"We ship a server."',
        ),
        "slow",
        True,
    ),
    # "she" who answers is the one asked, not whom the answer names
    (
        interview("[Bo Orr|Person] was slow. Chips, she says, take years.", f"{LEE} smiles. She waits.", "A server."),
        "Chips",
        True,
    ),
    # who else speaks in an answer is not the one asked
    (
        interview("[Bo Orr|Person] denied that chips sell. Prices, he says, fall.", f"{LEE} is glad.", "A server."),
        "Prices",
        False,
    ),
    # an answer retold is the reporter's
    (interview(f"{LEE} laughs. The lab was slow.", "A foundry in Dresden.", f"{LEE} shrugs."), "foundry", False),
]


@pytest.mark.parametrize(("text", "word", "hers"), TALKS)
def test_answers_of_an_interview(text: str, word: str, hers: bool) -> None:
    document, mentions = read_parsed(text)
    assert (told_in(asking(document), mentions, word) == "ann-lee") == hers


def readers_ask(*answers: str) -> str:
    """Readers' questions, whose answers are the author's; he names Ann Lee in one of them, twice."""
    questions = ("How large is the plant?", "Is it late?", "Who sees to it?")
    asked = [f"{question}\n{answer}" for question, answer in zip(questions, answers, strict=True)]
    return "\n".join(["The plant: your questions", *asked])


LATE = f"Tools came late, {LEE} admits. {LEE} runs it."


@pytest.mark.parametrize(
    "text",
    [
        # "A:" is whoever answers
        readers_ask("A: It is full of tools.", f"A: {LATE}", "A: A firm."),
        # one "us" makes no talk
        readers_ask("The firm has not given us a number. Our own count is a full hall.", LATE, "A firm."),
        # nor does the reporter who signs it speak
        interview("We wanted to ship.", "Our server is next.", "We wait.\nInterview: [Bo Orr|Person], full name"),
    ],
)
def test_answers_of_the_author_are_nobody_elses(text: str) -> None:
    document, mentions = read_parsed(text)
    assert told_in(asking(document), mentions, "full") is None


def test_one_question_makes_no_interview() -> None:
    text = interview('[Bo Orr|Person] is doubtful. "The lab was slow in all of those years."')
    document, mentions = read_parsed(text)
    assert told_in(asking(document), mentions, "slow") != "ann-lee"


def talk(*lines: str, intro: str = f"{LEE} runs [Tigris|Company], a maker of chips.") -> str | None:
    """Who says "full" in a talk; what tells something before it asks has the look of a heading."""
    document, mentions = read_parsed("\n".join(("A talk about chips", intro, *lines)))
    text, blocks = document.article.text, []
    for block in document.blocks:
        words = text[block.block.span.start : block.block.span.end]
        kind = BlockKind.HEADING if ". " in words else BlockKind.QUESTION
        asks = words.endswith("?")
        blocks.append(replace(block, block=replace(block.block, kind=kind)) if asks else block)
    return told_in(replace(document, blocks=tuple(blocks)), mentions, "full")


OPENING = ("Why did you leave?", "I was tired. My chips were slow.", "Who makes the chip?", "We do. It sells.")


@pytest.mark.parametrize(
    ("lines", "who"),
    [
        # whoever is introduced answers, be others named as often, and whoever signs as the reporter
        ((*OPENING, "And now?", "[Bo Orr|Person] left. The plant is full."), "ann-lee"),
        ((*OPENING, "And now?", "The plant is full.", "Interview: [Bo Orr|Person]"), "ann-lee"),
        # what asks may tell something first, and is nobody's answer
        ((*OPENING, "Your rival has left. What happened?", "Nothing much. The plant is full."), "ann-lee"),
        ((*OPENING, "The plant is full. What happened?", "Nothing much. He left."), None),
        # a short sentence between two answers is a remark of whoever asks; a longer or first-person one is an answer
        ((*OPENING, "And now?", "We wait. It rains.", "The plant is full.", "It is. I know.", "Why?", "So."), None),
        (
            (*OPENING, "And now?", "We wait. It rains.", "Our plant is full.", "It is. I know.", "Why?", "So."),
            "ann-lee",
        ),
        ((*OPENING, "And now?", "We wait. It rains.", "The plant is full. It is.", "Why?", "So."), "ann-lee"),
    ],
)
def test_turns_of_a_talk(lines: tuple[str, ...], who: str | None) -> None:
    assert talk(*lines) == who


def test_of_two_who_are_introduced_the_first_answers() -> None:
    intro = f"{LEE} runs [Tigris|Company], which [Bo Orr|Person] founded; [Bo Orr|Person] makes chips."
    assert talk(*OPENING, "And now?", "The plant is full.", intro=intro) == "ann-lee"


def test_where_nobody_is_introduced_quotations_answer_for_nobody() -> None:
    quoted = ('"It was slow there."', f"{LEE} is right. {LEE} knows.", '"The plant is full, as they say."')
    document, mentions = read_parsed(readers_ask(*quoted))
    assert told_in(asking(document), mentions, "full") is None


def test_of_two_who_are_introduced_neither_answers_for_both() -> None:
    intro = f"{LEE} and [Bo Orr|Person] run [Tigris|Company], a maker of chips."
    assert talk(*OPENING, "And now?", "The plant is full.", intro=intro) is None


def test_the_place_of_a_dateline_does_not_speak() -> None:
    told_ = (
        '[PORTO|Place], Feb. 11, 2026 - [Orrin|Company] has put the first of its "AI plants" into operation and signed'
    )
    behind = f" up [Tigris|Company] as tenant, the pan-African group founded by {LEE} said on Wednesday."
    assert told(told_ + behind, "tenant") != "porto"
