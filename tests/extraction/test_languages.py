import pytest

from bot.extraction.languages import LANGUAGES, is_english
from tests.extraction.talks import found, one

FOREIGN = {
    "German": "Die Seite lädt nicht, weil der Server keine Verbindung hat und die Daten fehlen.",
    "French": "La page ne charge pas et le serveur est en panne depuis hier, nous avons une erreur.",
    "Spanish": "La página no carga porque el servidor está caído y los datos se pierden.",
    "Portuguese": "A página não carrega porque o servidor está em baixo e os dados são perdidos.",
    "Chinese": "登录页面崩溃了，用户无法保存设置。",
    "Japanese": "ログイン画面が固まって、設定を保存できません。",
    "Russian": "Страница не загружается, сервер падает каждую ночь.",
}
ENGLISH = {
    "plain": "The workers die every night.",
    "short": "crashes",
    "with a foreign name": "The Straße field is empty on the invoice.",
    "quoting a word": "The button says 'und' in the English version.",
}
MARKED = {
    "German": ("Offen: Sicherung der Datenbank einrichten", ("todo", "Sicherung der Datenbank einrichten")),
    "French": ("À faire : migrer la base de données", ("todo", "Migrer la base de données")),
    "Spanish": ("Pendiente: revisar los permisos del cliente", ("todo", "Revisar los permisos del cliente")),
    "Portuguese": ("Por fazer: rever as permissões do cliente", ("todo", "Rever as permissões do cliente")),
    "Chinese": ("待办：配置连接池", ("todo", "配置连接池")),
    "Japanese": ("不具合: ログイン画面が固まる", ("bug", "ログイン画面が固まる")),
    "an English marker": ("TODO: Sicherung der Datenbank", ("todo", "Sicherung der Datenbank")),
}


@pytest.mark.parametrize("text", FOREIGN.values(), ids=FOREIGN)
def test_other_languages_make_no_junk(text):
    assert not is_english(text)
    assert found(("human", text)) == ()


@pytest.mark.parametrize("text", ENGLISH.values(), ids=ENGLISH)
def test_english_is_read(text):
    assert is_english(text)


@pytest.mark.parametrize(("text", "expected"), MARKED.values(), ids=MARKED)
def test_markers_are_found_in_other_languages(text, expected):
    ((kind, title),) = one(text)
    assert (kind, title.removeprefix("Add ").lower()) == (expected[0], expected[1].lower())


def test_an_english_sentence_with_a_colon_is_no_foreign_marker():
    assert one("Falta: the name of the town is not the point of this talk") == []


def test_a_foreign_paragraph_does_not_silence_the_english_one_below():
    text = f"{FOREIGN['German']}\n\nIn other words: the upload page crashes on large files."
    assert [f.kind for f in found(("human", text))] == ["bug"]


def test_each_language_has_its_words():
    assert sorted(LANGUAGES) == ["de", "es", "fr", "ja", "pt", "zh"]
