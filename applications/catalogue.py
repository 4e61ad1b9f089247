"""Which applications are installed, and which recipes they bring."""

from importlib.metadata import entry_points

from keras_nn.applications.unknown_choice import UnknownChoice

GROUP = "keras_nn.applications"


def names():
    """Names of the installed applications, sorted.

    Any installed package adds one through the entry-point group
    `keras_nn.applications`.

    Example:

    >>> "image-classifier" in names()
    True
    """
    return sorted({point.name for point in entry_points(group=GROUP)})


def get(name):
    """The application class of this name.

    Args:
        name: str. One of `names()`.

    Raises:
        UnknownChoice: if no installed package offers it.

    Example:

    >>> get("image-classifier").__name__
    'ImageClassifier'"""
    for point in entry_points(group=GROUP):
        if point.name == name:
            return point.load()
    raise UnknownChoice("application", name, names())


def get_recipe(application, name=None):
    """A recipe of an application class, by name; the default for None.

    Raises:
        UnknownChoice: if the application has no recipe of this name.
    """
    recipes = {recipe.name: recipe for recipe in application.recipes()}
    if name is None:
        return next(iter(recipes.values()))
    if name not in recipes:
        raise UnknownChoice("recipe", name, recipes)
    return recipes[name]
