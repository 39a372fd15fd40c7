"""A run that is killed at any point is made good by the next one: nothing lost, nothing twice."""

import pytest
from mortal import FIRST, LATER, WANTED, WANTED_LATER, LocalFolder, Mortals, World

PARTS = 4  # so that several workers share the points


@pytest.fixture(scope="module")
def mortals():
    made = Mortals()
    yield made
    made.close()


def tortured(world, mortals, start, wanted, part):
    """Kills a run at each point of this part, each time from the same start; says what was wrong after the restart."""
    points = mortals.run(world.folder, env=world.env)["points"]
    assert len(points) > 50
    assert world.is_done(mortals)
    wrong = []
    for number in range(1 + part, len(points) + 1, PARTS):
        if points[number - 1].endswith(("statement", "fsync", "unlink")):
            continue  # nothing shows outside between these and the next point; `make torture` kills there, too
        world.load(start)
        assert mortals.run(world.folder, env=world.env, at=number)["code"] is None, "it outlived its death"
        world.settle(mortals)
        faults = world.faults(wanted)
        if any(faults.values()) or not world.is_done(mortals):
            wrong.append((number, points[number - 1], faults))
    return wrong


@pytest.mark.parametrize("part", range(PARTS))
def test_a_first_run_killed_at_any_point_files_everything_once(tmp_path, mortals, part):
    world = World(tmp_path / "world", LocalFolder())
    world.say(FIRST)
    mortals.run(world.folder, "status", env=world.env)
    world.save(tmp_path / "start")
    assert tortured(world, mortals, tmp_path / "start", WANTED, part) == []


@pytest.mark.parametrize("part", range(PARTS))
def test_a_later_run_killed_at_any_point_tells_of_everything_once(tmp_path, mortals, part):
    world = World(tmp_path / "world", LocalFolder())
    world.say(FIRST)
    world.settle(mortals)
    world.say(LATER)
    world.save(tmp_path / "start")
    assert tortured(world, mortals, tmp_path / "start", WANTED_LATER, part) == []
    comments = [file.read_text().count("Mentioned ") for file in (world.folder / "tickets").glob("*.md")]
    assert sorted(comments) == [0, 0, 0, 0, 1]


def test_a_run_killed_at_a_random_moment_is_made_good(tmp_path, mortals):
    from random import Random

    random = Random(20260302)
    world = World(tmp_path / "world", LocalFolder())
    world.say(FIRST)
    world.save(tmp_path / "start")
    for _ in range(15):
        world.load(tmp_path / "start")
        for _ in range(3):  # a run that is killed, and again while it mends that
            mortals.run(world.folder, env=world.env, after=random.uniform(0.0, 0.3))
        world.settle(mortals)
        assert not any(world.faults(WANTED).values())
        assert world.is_done(mortals)
