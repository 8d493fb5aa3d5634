"""Tables as they really come: for each the bytes, and what a learner would say stands in them."""

from __future__ import annotations

from typing import NamedTuple

NA = None


class Nasty(NamedTuple):
    """A file and its columns: numbers, texts, or None where nothing is known. `shape`: delimiter, decimal, header."""

    name: str
    content: bytes
    columns: dict[str, list[object]]
    shape: tuple[str, str, bool]


def nasty(
    name: str, text: str, columns: dict[str, list[object]], shape: tuple[str, str, bool], encoding: str = "utf-8"
) -> Nasty:
    return Nasty(name, text.encode(encoding), columns, shape)


CSV, GERMAN, TSV = (",", ".", True), (";", ",", True), ("\t", ".", True)
BARE = (",", ".", False)
IRIS = """5.1,3.5,1.4,0.2,Iris-setosa
4.9,3.0,1.4,0.2,Iris-setosa
7.0,3.2,4.7,1.4,Iris-versicolor
6.3,3.3,6.0,2.5,Iris-virginica
"""
IRIS_COLUMNS = {
    "column 1": [5.1, 4.9, 7.0, 6.3],
    "column 2": [3.5, 3.0, 3.2, 3.3],
    "column 3": [1.4, 1.4, 4.7, 6.0],
    "column 4": [0.2, 0.2, 1.4, 2.5],
    "column 5": ["Iris-setosa", "Iris-setosa", "Iris-versicolor", "Iris-virginica"],
}
TITANIC = """PassengerId,Survived,Pclass,Name,Sex,Age,Fare,Cabin,Embarked
1,0,3,"Braund, Mr. Owen Harris",male,22,7.25,,S
2,1,1,"Cumings, Mrs. John Bradley (Florence Briggs Thayer)",female,38,71.2833,C85,C
3,1,3,"Heikkinen, Miss. Laina",female,26,7.925,,S
6,0,3,"Moran, Mr. James",male,,8.4583,,Q
29,1,3,"O'Dwyer, Miss. ""Nellie"" Ellen",female,,7.8792,,Q
"""
TITANIC_COLUMNS = {
    "PassengerId": [1, 2, 3, 6, 29],
    "Survived": [0, 1, 1, 0, 1],
    "Pclass": [3, 1, 3, 3, 3],
    "Name": [
        "Braund, Mr. Owen Harris",
        "Cumings, Mrs. John Bradley (Florence Briggs Thayer)",
        "Heikkinen, Miss. Laina",
        "Moran, Mr. James",
        'O\'Dwyer, Miss. "Nellie" Ellen',
    ],
    "Sex": ["male", "female", "female", "male", "female"],
    "Age": [22, 38, 26, NA, NA],
    "Fare": [7.25, 71.2833, 7.925, 8.4583, 7.8792],
    "Cabin": [NA, "C85", NA, NA, NA],
    "Embarked": ["S", "C", "S", "Q", "Q"],
}
HOUSES = """Id,LotArea,Street,Alley,YearBuilt,SalePrice
1,8450,Pave,NA,2003,208500
2,9600,Pave,NA,1976,181500
3,11250,Grvl,Pave,2001,223500
"""
ADULT = "39, State-gov, 77516, Bachelors, <=50K\n50, ?, 83311, Bachelors, <=50K\n38, Private, 215646, HS-grad, >50K\n"
GROSS = "Größe;Gewicht;Bemerkung\r\n1,75;80,5;groß\r\n1,60;55,0;klein\r\n1,82;90,1;üppig\r\n"
GROSS_COLUMNS = {"Größe": [1.75, 1.6, 1.82], "Gewicht": [80.5, 55, 90.1], "Bemerkung": ["groß", "klein", "üppig"]}
PLACES = "Ort;Preis;Fläche\nKöln;250.000,00;85,5\nMünchen;1.250.000,50;120,0\nBerlin;399.900,00;64,2\n"
PLACES_COLUMNS = {
    "Ort": ["Köln", "München", "Berlin"],
    "Preis": [250000, 1250000.5, 399900],
    "Fläche": [85.5, 120, 64.2],
}
PEOPLE = "Name\tAlter\tStadt\r\nJörg\t34\tKöln\r\nAnna\t28\tMünchen\r\n"
PEOPLE_COLUMNS = {"Name": ["Jörg", "Anna"], "Alter": [34, 28], "Stadt": ["Köln", "München"]}
AB = {"a": [1, 3], "b": [2, 4]}

FILES = [
    nasty("plain", "a,b\n1,2\n3,4\n", AB, CSV),
    nasty("Windows line ends", "a,b\r\n1,2\r\n3,4\r\n", AB, CSV),
    nasty("old Mac line ends", "a,b\r1,2\r3,4\r", AB, CSV),
    nasty("no last line end", "a,b\n1,2\n3,4", AB, CSV),
    nasty("blank lines", "\na,b\n\n1,2\n\n\n3,4\n\n", AB, CSV),
    nasty("UTF-8 with a mark", "a,b\n1,2\n3,4\n", AB, CSV, "utf-8-sig"),
    nasty("semicolons", "a;b\n1;2\n3;4\n", AB, (";", ".", True)),
    nasty("bars", "id|name|score\n7|Ann|3.5\n9|Bob|4.5\n", {"id": [7, 9], "name": ["Ann", "Bob"], "score": [3.5, 4.5]},
          ("|", ".", True)),
    nasty("spaces", "x y z\n1 2 3\n4 5 6\n", {"x": [1, 4], "y": [2, 5], "z": [3, 6]}, (" ", ".", True)),
    nasty("columns under each other", "    x      y   z\n  1.0   2.00   3\n 10.5  20.00  33 \n",
          {"x": [1, 10.5], "y": [2, 20], "z": [3, 33]}, (" ", ".", True)),
    nasty("German Excel", GROSS, GROSS_COLUMNS, GERMAN, "cp1252"),
    nasty("German Excel, as UTF-8", GROSS, GROSS_COLUMNS, GERMAN, "utf-8-sig"),
    nasty("German thousands", PLACES, PLACES_COLUMNS, GERMAN, "cp1252"),
    nasty("Excel's Unicode text", PEOPLE, PEOPLE_COLUMNS, TSV, "utf-16"),
    nasty("UTF-16 without a mark", PEOPLE, PEOPLE_COLUMNS, TSV, "utf-16-le"),
    nasty("UTF-16, the other way round", PEOPLE, PEOPLE_COLUMNS, TSV, "utf-16-be"),
    nasty("UTF-32", PEOPLE, PEOPLE_COLUMNS, TSV, "utf-32"),
    nasty("sep= of Excel", "sep=;\r\na;b\r\n1,5;2\r\n3;4\r\n", {"a": [1.5, 3], "b": [2, 4]}, GERMAN),
    nasty("French", "Prénom;Taille;Ville\nZoé;1 234,5;Besançon\nHélène;12,25;Nîmes\n",
          {"Prénom": ["Zoé", "Hélène"], "Taille": [1234.5, 12.25], "Ville": ["Besançon", "Nîmes"]}, GERMAN, "latin-1"),
    nasty("Swiss", "Ort;Preis\nZürich;1'250.50\nGenève;980.00\n",
          {"Ort": ["Zürich", "Genève"], "Preis": [1250.5, 980]}, (";", ".", True), "cp1252"),
    nasty("Spanish", "Año;Tamaño\n2001;3,2\n2002;3,9\n", {"Año": [2001, 2002], "Tamaño": [3.2, 3.9]}, GERMAN, "cp1252"),
    nasty("euro signs", "Preis €;Menge\n5,50;3\n7,20;4\n", {"Preis €": [5.5, 7.2], "Menge": [3, 4]}, GERMAN, "cp1252"),
    nasty("Russian", "Город;Население\nМосква;12655050\nКазань;1257391\nСамара;1144759\n",
          {"Город": ["Москва", "Казань", "Самара"], "Население": [12655050, 1257391, 1144759]},
          (";", ".", True), "cp1251"),
    nasty("Japanese", "都市,人口\n東京,13960000\n大阪,2691000\n名古屋,2296000\n",
          {"都市": ["東京", "大阪", "名古屋"], "人口": [13960000, 2691000, 2296000]}, CSV, "cp932"),
    nasty("Iris, which has no names", IRIS, IRIS_COLUMNS, BARE),
    nasty("Titanic", TITANIC, TITANIC_COLUMNS, CSV),
    nasty("house prices", HOUSES, {
        "Id": [1, 2, 3], "LotArea": [8450, 9600, 11250], "Street": ["Pave", "Pave", "Grvl"], "Alley": [NA, NA, "Pave"],
        "YearBuilt": [2003, 1976, 2001], "SalePrice": [208500, 181500, 223500]}, CSV),
    nasty("Adult, with spaces and questions", ADULT, {
        "column 1": [39, 50, 38], "column 2": ["State-gov", NA, "Private"], "column 3": [77516, 83311, 215646],
        "column 4": ["Bachelors", "Bachelors", "HS-grad"], "column 5": ["<=50K", "<=50K", ">50K"]}, BARE),
    nasty("line ends within quotes", 'a,b\n1,"two\nlines"\n2,"said ""yes"""\n3,"p, q"\n',
          {"a": [1, 2, 3], "b": ["two\nlines", 'said "yes"', "p, q"]}, CSV),
    nasty("all in quotes", '"a";"b"\n"1,5";"2"\n"3,25";"4"\n', {"a": [1.5, 3.25], "b": [2, 4]}, GERMAN),
    nasty("single quotes", "'a b';'c'\n'x;y';3\n'z w';4\n", {"a b": ["x;y", "z w"], "c": [3, 4]}, (";", ".", True)),
    nasty("quotes after backslashes", 'a,b\n"say \\"hi\\", Bob",1\n"no, \\"ho\\"",2\n',
          {"a": ['say "hi", Bob', 'no, "ho"'], "b": [1, 2]}, CSV),
    nasty("inches", 'pipe,price\n5",10\n7",12\n', {"pipe": ['5"', '7"'], "price": [10, 12]}, CSV),
    nasty("English thousands", 'town,people\nA,"1,234,567"\nB,"12,500"\nC,900\n',
          {"town": ["A", "B", "C"], "people": [1234567, 12500, 900]}, CSV),
    nasty("addresses with commas", "name;address;n\nA;Street 1, Town;3\nB;Road 2, City;4\n",
          {"name": ["A", "B"], "address": ["Street 1, Town", "Road 2, City"], "n": [3, 4]}, (";", ".", True)),
    nasty("dates and times", "time,temp\n2020-01-01 10:00:00,1.5\n2020-01-01 11:00:00,2.5\n",
          {"time": ["2020-01-01 10:00:00", "2020-01-01 11:00:00"], "temp": [1.5, 2.5]}, CSV),
    nasty("every way to say nothing", "a,b\n1,x\nNA,x\nn/a,y\nNaN,y\n?,y\n-,y\nnull,y\n,\n#N/A,z\n2,z\n", {
        "a": [1, NA, NA, NA, NA, NA, NA, NA, 2], "b": ["x", "x", "y", "y", "y", "y", "y", "z", "z"]}, CSV),
    nasty("names twice, and none", "a,a,,a\n1,2,3,4\n5,6,7,8\n",
          {"a": [1, 5], "a (2)": [2, 6], "column 3": [3, 7], "a (3)": [4, 8]}, CSV),
    nasty("delimiters at the end", "a;b;\n1;2;\n3;4;\n;;\n", AB, (";", ".", True)),
    nasty("R's names of rows", '"x" "y"\n"1" 2.5 7\n"2" 3.5 8\n',
          {"column 1": [1, 2], "x": [2.5, 3.5], "y": [7, 8]}, (" ", ".", True)),
    nasty("years as names", "land,1990,1991,1992\nA,4.5,4.25,4\nB,2.5,2.25,2\n",
          {"land": ["A", "B"], "1990": [4.5, 2.5], "1991": [4.25, 2.25], "1992": [4, 2]}, CSV),
    nasty("comments", "# measured in May\n# by us\na,b\n1,2\n3,4\n", AB, CSV),
    nasty("numpy's header", "# a b\n1.0e+00 2.0e+00\n3.0e+00 4.0e+00\n", AB, (" ", ".", True)),
    nasty("a title", "Report 2020;;\n\na;b;c\n1;2;x\n3;4;y\n", AB | {"c": ["x", "y"]}, (";", ".", True)),
    nasty("one column", "x\n1\n2\n3\n", {"x": [1, 2, 3]}, CSV),
    nasty("one column with a decimal comma", "x\n1,5\n2,5\n3,5\n", {"x": [1.5, 2.5, 3.5]}, GERMAN),
    nasty("rows that are too short", "a,b,c\n1,2\n3,4,5\n", {"a": [1, 3], "b": [2, 4], "c": [NA, 5]}, CSV),
    nasty("exponents, signs, a real minus", "a,b\n1e3,+5\n-2.5E-2,−7\n", {"a": [1000, -0.025], "b": [5, -7]}, CSV),
    nasty("digits among the classes", "a,b\n1,1\n2,2\n3,A\n4,B\n", {"a": [1, 2, 3, 4], "b": ["1", "2", "A", "B"]}, CSV),
    nasty("names with underscores", "a,b\n1,1_1\n2,1_2\n", {"a": [1, 2], "b": ["1_1", "1_2"]}, CSV),
]  # fmt: skip
