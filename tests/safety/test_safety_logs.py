import base64
import io
import logging

import pytest

from bot.safety.logs import RedactingFilter

TOKEN = "plain-configured-words"
GITHUB = "ghp" + "_" + "a1B2" * 9


@pytest.fixture
def log():
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter("%(message)s %(action)s", defaults={"action": ""}))
    handler.addFilter(RedactingFilter([TOKEN]))
    logger = logging.Logger("redacting")  # noqa: LOG001 - apart from the tree of loggers
    logger.addHandler(handler)
    return logger, stream


def test_message_and_arguments_are_redacted(log):
    logger, stream = log
    logger.warning("sent %s with %s", GITHUB, TOKEN)
    assert stream.getvalue() == "sent [redacted: github token] with [redacted: token] \n"


def test_exception_text_is_redacted(log):
    logger, stream = log
    try:
        int(GITHUB)
    except ValueError:
        logger.exception("failed")
    assert "[redacted: github token]" in stream.getvalue()
    assert GITHUB not in stream.getvalue()


def test_extra_fields_are_redacted(log):
    logger, stream = log
    logger.warning("called", extra={"action": f"GET /a?t={TOKEN}"})
    assert stream.getvalue() == "called GET /a?t=[redacted: token]\n"


@pytest.mark.parametrize("before", ["", "u", "us", "user:"])
def test_base64_of_a_configured_token_is_masked_at_any_alignment(log, before):
    logger, stream = log
    encoded = base64.b64encode(f"{before}{TOKEN}".encode()).decode()
    logger.warning("header %s", encoded)
    assert encoded not in stream.getvalue()
    assert "[redacted: token]" in stream.getvalue()


def test_a_percent_encoded_token_is_masked():
    record = logging.makeLogRecord({"msg": "q=a%2Fb%2Bword%20w"})
    RedactingFilter(["a/b+word w"]).filter(record)
    assert record.msg == "q=[redacted: token]"


def test_wrong_arguments_are_redacted_too(log):
    logger, stream = log
    logger.warning("only %d", GITHUB)
    assert GITHUB not in stream.getvalue()


def test_a_record_without_secrets_is_passed_on_unchanged(log):
    logger, stream = log
    logger.info("read %d lines", 3)
    assert stream.getvalue() == "read 3 lines \n"


def test_a_secret_that_is_known_later_is_masked_beside_the_earlier_ones(log):
    logger, stream = log
    masking = logger.handlers[0].filters[0]
    masking.mask(["plain-word-of-the-config"])
    logger.warning("%s and %s", TOKEN, "plain-word-of-the-config")
    assert stream.getvalue() == "[redacted: token] and [redacted: token] \n"


def test_the_configured_token_reaches_no_log_line_of_a_run(tmp_path, monkeypatch, capfd):
    from bot.cli.options import _start_logging, desk

    (tmp_path / "loose-ends.yaml").write_text(
        "sources: {t: {path: logs}}\n"
        "targets: {a: {tracker: gitlab, project: a/b, base_url: 'http://localhost:1', token_env: MY_TOKEN}}\n"
    )
    monkeypatch.setenv("MY_TOKEN", "looks-like-nothing-at-all")
    monkeypatch.setattr(logging.getLogger(), "handlers", [])
    monkeypatch.setattr(logging.getLogger(), "level", logging.WARNING)
    _start_logging(None, None, True)
    with desk(tmp_path / "loose-ends.yaml", "run"):
        logging.getLogger("connectors").warning("sent looks-like-nothing-at-all")
    err = capfd.readouterr().err
    assert "looks-like-nothing" not in err
    assert "sent [redacted: token]" in err
