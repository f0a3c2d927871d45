"""Languages: what is not English is skipped with a reason, and nothing English is."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from aigraph import pipeline
from aigraph.articles import read
from aigraph.articles.languages import language_of
from aigraph.cli import main
from aigraph.vocab import DEFAULT_BASE

FOREIGN = {
    "ar": "قالت شركة برونتال يوم الاثنين إن المسرع سيصل إلى العملاء في أوسلو بحلول مايو. ولم يتم الكشف عن السعر، "
    "ويتوقع المحللون خمسين ألف وحدة هذا العام وفقا للشركة.",
    "de": "Brontal Systems teilte am Montag mit, dass der Beschleuniger Fjord im Mai zu den Kunden in Oslo kommt. Der "
    "Preis wurde nicht genannt, und Analysten von Delmora erwarten in diesem Jahr mindestens 50.000 Stück.",
    "es": "Brontal Systems dijo el lunes que su acelerador Fjord llegará a los clientes de Oslo en mayo. El precio no "
    "se reveló y los analistas de Delmora esperan 50.000 unidades este año en todo el mercado europeo.",
    "fr": "Brontal Systems a annoncé lundi que son accélérateur Fjord arriverait chez ses clients à Oslo en mai. Le "
    "prix n'a pas été communiqué, et les analystes de Delmora attendent 50 000 unités cette année.",
    "ja": "ブロンタル・システムズは月曜日、アクセラレータ「Fjord」を5月にオスロの顧客に届けると発表した。価格は明らかに"
    "されておらず、アナリストは今年5万台を見込んでいる。",
    "ko": "브론탈 시스템즈는 월요일에 Fjord 가속기가 5월에 오슬로의 고객에게 도착할 것이라고 말했다. 가격은 공개되지 "
    "않았으며 델모라의 분석가들은 올해 5만 대를 예상하고 있다.",
    "nl": "Brontal Systems zei maandag dat de Fjord-versneller in mei bij klanten in Oslo aankomt. De prijs werd niet "
    "bekendgemaakt en analisten van Delmora verwachten dit jaar 50.000 stuks, zo liet het bedrijf weten.",
    "ru": "Компания Бронтал заявила в понедельник, что ускоритель Fjord поступит к клиентам в Осло в мае. Цена не "
    "раскрывается, аналитики Делморы ожидают 50 000 устройств в этом году.",
    "zh": "周一,布朗塔尔系统公司表示,其 Fjord 加速器将于五月交付奥斯陆的客户。价格尚未公布,德尔莫拉的分析师预计今年将"
    "出货五万台。公司首席执行官在接受采访时说,需求远远超过供应,工厂正在扩建。",
}

ENGLISH = [
    # names from everywhere, German and Korean quotes, telegraphic lists: all of them stand in English articles
    "Lee Jae-yong, Kwak Noh-jung and Chey Tae-won met in Gyeongju. Rebellions Sapeon Furiosa Naver Kakao: SK hynix, "
    "Samsung Foundry, Hyundai Mobis, Mando. Ulsan, Pyeongtaek, Icheon. Zhongji Innolight, Eoptolink, Hygon rose.",
    "Gaudi 3: $15,625. H100: $30,678. Mistral, Aleph Alpha, Nscale, Poolside, Schwarz Gruppe, Deutsche Telekom. "
    "Bundesministerium für Wirtschaft, Forschungszentrum Jülich, Leibniz-Rechenzentrum, Universität München.",
    "Nvidia eyes Taiwan. Samsung wins order. TSMC capex up. SK hynix shares soar. AMD unveils chip. Intel cuts jobs. "
    "Micron beats estimates. Broadcom guides higher. Qualcomm buys Alphawave. Cerebras files IPO. Groq raises funds.",
    "Der Spiegel reported it first. “Wir haben alles verkauft, und wir werden im nächsten Jahr noch viel mehr bauen,” "
    "said Ines Weber, chief executive of the Munich firm, to reporters from Handelsblatt on the day of the deal.",
    "Price: $30,000. Memory: 192 GB HBM3e. Bandwidth: 8 TB/s. Process: TSMC 4NP. Power: 1,200 W. Cooling: liquid. "
    "Launch: Q2 2026. Vendors: Dell, HPE, Supermicro, Lenovo, Gigabyte, Quanta, Foxconn, Wistron. NVLink 5.",
]


@pytest.mark.parametrize("code", FOREIGN)
def test_other_languages_are_told(code: str) -> None:
    assert language_of(FOREIGN[code]) == code


@pytest.mark.parametrize("text", ENGLISH)
def test_english_full_of_names_stays_english(text: str) -> None:
    assert language_of(text) in ("en", None)


@pytest.mark.parametrize("text", [*FOREIGN.values(), *ENGLISH])
def test_short_texts_are_not_judged(text: str) -> None:
    assert language_of(text[:60]) is None


@pytest.mark.parametrize(
    ("name", "content", "language"),
    [
        ("a.txt", FOREIGN["de"], "de"),
        ("a.txt", "---\nlanguage: en\n---\n" + FOREIGN["de"], "en"),
        ("a.txt", "---\nlanguage: de\n---\nBrontal sells the chips that it makes.", "de"),
        ("a.html", f"<html lang='de'><body><p>{ENGLISH[3] * 3}</p></body></html>", "en"),
        ("a.html", f"<html lang='en-US'><body><p>{FOREIGN['fr'] * 2}</p></body></html>", "fr"),
        ("a.html", "<html lang='en-US'><body><p>Brontal sells chips.</p></body></html>", "en-US"),
    ],
)
def test_what_somebody_wrote_down_goes_first_and_what_a_template_claims_last(
    tmp_path: Path, name: str, content: str, language: str
) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    assert read(tmp_path / name)[0].language == language


def test_what_is_skipped_is_told_and_is_no_failure(tmp_path: Path) -> None:
    (tmp_path / "fremd.txt").write_text(FOREIGN["de"], encoding="utf-8")
    (tmp_path / "one.txt").write_text("Brontal sells the chips that it makes.\n", encoding="utf-8")
    result = CliRunner().invoke(main, ["build", str(tmp_path), "--store", str(tmp_path / "store")])
    assert result.exit_code == 0
    assert "1 added, 1 skipped" in result.output
    assert "fremd.txt: the article is in German (de), and aigraph reads English alone" in result.output


def test_a_stored_article_that_is_no_longer_english_is_removed(tmp_path: Path) -> None:
    source, store = tmp_path / "one.txt", tmp_path / "store"
    source.write_text("Brontal sells the chips that it makes.\n", encoding="utf-8")
    assert pipeline.build([source], store, base=DEFAULT_BASE).added == ("one",)
    source.write_text(FOREIGN["nl"], encoding="utf-8")
    report = pipeline.build([source], store, base=DEFAULT_BASE)
    assert (report.removed, [skip.identifier for skip in report.skipped]) == (("one",), ["one"])
    assert pipeline.build([source], store, base=DEFAULT_BASE).removed == ()
