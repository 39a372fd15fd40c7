"""Decides whether a name (``DB_PASSWORD``, ``apiKey``, ``max_tokens``) says that a secret follows it."""

from __future__ import annotations

import functools
import re
from typing import Literal

Label = Literal["password", "secret", "token", "key", "pin", "phrase", "login"]

_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[^\W\d_A-Z]+|[0-9]+")

_WORDS: tuple[tuple[Label, str], ...] = (
    ("password", (
        "password passwd passwort kennwort passphrase passcode pwd pswd psw pw pass passw userpass dbpass smtppass"
        " ftppass sshpass mypass rootpass adminpass vncpass contraseña contrasena contrasenya clave senha wachtwoord"
        " hasło haslo heslo пароль пароля jelszó salasana lösenord losenord adgangskode passord parola şifre sifre"
        " 密码 密碼 口令 パスワード 비밀번호 암호 暗証番号 motdepasse"
        " wifipass sambapass requirepass masterauth bindpw rootpw"
    )),
    ("secret", "secret psk geheimnis секрет clientsecret appsecret sharedsecret jwtsecret"),
    ("token", (
        "token authtoken accesstoken refreshtoken apitoken bearertoken idtoken sessiontoken usertoken токен 令牌"
        " トークン 토큰 pat jwt jsessionid phpsessid bearer"
    )),
    ("key", (
        "apikey secretkey accesskey privatekey authkey encryptionkey masterkey appkey accountkey sharedkey"
        " presharedkey sharedaccesskey signingkey licensekey apisecret sshkey cryptkey keypass storepass 密钥 密鑰"
        " apischlüssel 秘密鍵 dockerconfigjson fernet auth authkeys passkey"
    )),
    ("login", "creds credential credentials login zugangsdaten credenciales identifiants"),
    ("pin", "pin otp totp"),
    ("phrase", "mnemonic seedphrase recoveryphrase"),
)  # fmt: skip
_WHOLE: dict[str, Label] = {word: label for label, words in _WORDS for word in words.split()}
_ENDINGS: tuple[tuple[str, Label], ...] = (
    ("password", "password"), ("passwd", "password"), ("passwort", "password"), ("passphrase", "password"),
    ("secret", "secret"), ("token", "token"), ("apikey", "key"), ("secretkey", "key"), ("accesskey", "key"),
    ("passwörter", "password"),
)  # fmt: skip
_KEY_OWNERS = frozenset(
    "api secret access private encryption encrypt decryption signing sign auth account master shared service license"
    " licence app application client admin deploy storage session subscription webhook hmac aes jwt fernet consumer"
    " integration server write ingest ingestion insert user cookie crypto symmetric root registry functions function"
    " host sas wireguard wifi network security product activation primary secondary pre-shared preshared psk google"
    " openai anthropic gemini stripe sendgrid mailgun twilio datadog dd algolia github gitlab aws azure gcp firebase"
    " groq mistral cohere deepgram assemblyai pinecone replicate together deepseek openrouter perplexity tavily serp"
    " serpapi maps mapbox sentry grafana cloudflare cf vercel netlify heroku supabase anon role resend postmark"
    " mailchimp airtable notion linear slack discord telegram hubspot intercom zendesk shopify square paypal"
    " braintree plaid coinbase binance kraken kucoin etherscan infura alchemy moralis rsa ssh ssl tls pgp gpg"
    " weather openweather news tmdb omdb nasa finnhub polygon alpaca rapidapi rapid x fastly pagerduty opsgenie"
    " newrelic relic honeycomb rollbar bugsnag amplitude mixpanel segment launchdarkly algolia elastic wandb xi"
    " elevenlabs stability fal tinymce recaptcha captcha turnstile hcaptcha vapid pusher ably onesignal fcm apns"
    " management vault unseal transit sops backup db database cipher aes256 hash salt base machine host schlüssel"
    " clé clave chave llave".split()
)
_SUFFIXES = frozenset(
    "value val text plain plaintext raw prod production dev development staging stage live test testing sandbox"
    " default old new current previous prev base b primary secondary main backup local global string str env prd stg"
    " uat qa hex encoded cleartext cloudformation one two for is hash".split()
)
_NOT_TOKENS = frozenset(
    "max min num total prompt completion input output next page continuation pad eos bos unk mask sep cls special stop"
    " design cancel cancellation first last each per cached reasoning start end cache sort partition arrow no without"
    " invalid missing expired wrong bad has is show hide toggle forgot reset public foreign count lookup existing pull"
    " image hide column field schema natural index unique composite surrogate hot short current_page prev previous"
    " shift ctrl alt enter tab arrow dictionary map object json yaml lexer lex parser ast syntax css color string"
    " identifier keyword operator word sub bpe thinking remaining used unused placeholder sync resume change update"
    " forgotten require requires required validate check verify compare allow disable enable anti".split()
)
_PHRASES = (("seed", "phrase"), ("recovery", "phrase"), ("recovery", "code"), ("backup", "code"), ("secret", "phrase"))
_PINS = (("verification", "code"), ("security", "code"), ("access", "code"), ("auth", "code"), ("login", "code"),
         ("authentication", "code"), ("fa", "code"), ("time", "code"),
         ("otp", "code"), ("mfa", "code"), ("sms", "code"))  # fmt: skip
_FOREIGN = {("mot", "de", "passe"), ("palavra", "passe"), ("palabra", "clave"), ("código", "secreto")}

_CLOSERS = frozenset({"api", "secreta", "secrète", "privada", "privée", "доступа"})
_KEYS = frozenset({"key", "keys", "schlüssel", "ключ", "base"})
_ENDS_OF_PAIRS = (
    _CLOSERS | _KEYS | {pair[-1] for pair in (*_PHRASES, *_PINS, *_FOREIGN)} | {"phrase", "id", "signature"}
)


def parts(name: str) -> list[str]:
    """The words of an identifier in lower case: ``dbPassword``, ``DB-PASSWORD`` and ``db.password`` are alike."""
    return [part.lower() for part in _PART.findall(name)]


@functools.lru_cache(maxsize=16_384)
def may_name(name: str) -> bool:
    """Whether a name may get a label, whatever stands before it. Most names get none, and this is cheaper to ask."""
    words = parts(name)
    while len(words) > 1 and (words[-1] in _SUFFIXES or words[-1].isdigit()) and words[-1] not in _WHOLE:
        words = words[:-1]
    last = words[-1] if words else ""
    is_suffix = last in _SUFFIXES or last.isdigit()  # then it is the word before the name that decides
    return not words or is_suffix or last in _ENDS_OF_PAIRS or _of_word(words) is not None


def label_of(words: list[str]) -> Label | None:
    """What kind of secret the words name, or None. ``words`` may begin with words that stand before the name."""
    words = words[-8:]
    while len(words) > 1 and (words[-1] in _SUFFIXES or words[-1].isdigit()) and words[-1] not in _WHOLE:
        words = words[:-1]
    if not words or any(word in _NOT_TOKENS for word in words[-3:-1]):
        return None
    return _of_pair(words) or _of_word(words)


def _of_pair(words: list[str]) -> Label | None:
    pair = tuple(words[-2:])
    if pair == ("pass", "phrase"):
        return "password"
    if pair in _PHRASES:
        return "phrase" if pair[1] == "phrase" else "token"
    if pair in _PINS:
        return "pin"
    if any(tuple(words[-len(foreign) :]) == foreign for foreign in _FOREIGN):
        return "password"
    if words[-1] in _CLOSERS and (words[-2:-1] or [""])[0] in {
        "clé", "clave", "chave", "llave", "de", "ключ", "chiave",
    }:  # fmt: skip
        return "key"
    if len(words) > 1 and words[-1] in _KEYS and words[-2] in _KEY_OWNERS:
        return None if words[-2:] in (["primary", "key"], ["secondary", "key"]) and len(words) == 2 else "key"
    if len(words) > 1 and words[-1] == "id" and words[-2] == "secret" and words[0] != "aws":
        return "token"
    return None


def _of_word(words: list[str]) -> Label | None:
    last = words[-1]
    if last == "signature" and words[-2:-1] in (["amz"], ["goog"]):
        return "key"
    label = _WHOLE.get(last)
    if label is None:
        label = next((kind for ending, kind in _ENDINGS if last.endswith(ending) and last != ending), None)
    return label
